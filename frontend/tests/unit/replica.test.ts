import { describe, expect, it } from 'vitest'
import type { MessagePage } from '@/api/nouns'
import type { EventFrame } from '@/live/frames'
import { begin, nothing, receive, restart, type Sequence, type Step } from '@/live/sequence'
import { Recent } from '@/timeline/recent'
import { apply, blank, merge, type Timeline } from '@/timeline/timeline'
import { Chance } from './random'
import { classId, FakeServer, threadId } from './server'

/** A page's view of one thread, over a connection that loses, doubles, shuffles and breaks. */
class Reader {
  private sequence: Sequence = nothing
  private timeline: Timeline = blank(threadId)
  private recent = new Recent()
  private readonly wire: EventFrame[] = []
  private readonly pages: { page: MessagePage; side: 'anew' | 'older' }[] = []
  private missing = false

  constructor(
    private readonly server: FakeServer,
    private readonly chance: Chance,
  ) {
    this.sequence = begin(nothing, classId, server.head).sequence
    this.pages.push({ page: server.page(), side: 'anew' })
  }

  get messages() {
    return this.timeline.messages
  }

  get hasOlder() {
    return this.timeline.hasOlder
  }

  /** The hub announces: it may lose, double and shuffle. */
  announce(seq: number): void {
    if (this.chance.happens(0.15)) return
    const copies = this.chance.happens(0.15) ? 2 : 1
    for (let n = 0; n < copies; n++) {
      const at = this.chance.happens(0.2) ? this.chance.below(this.wire.length + 1) : this.wire.length
      this.wire.splice(at, 0, this.server.event(seq))
    }
  }

  cut(): void {
    this.wire.length = 0
    this.hello()
  }

  askOlder(): void {
    const first = this.timeline.messages[0]
    if (this.timeline.hasOlder && first && !this.pages.length) this.pages.push({ page: this.server.page(first.id), side: 'older' })
  }

  /** Some of what is under way arrives. */
  run(): void {
    if (this.pages.length && this.chance.happens(0.4)) this.arrive()
    const some = this.chance.below(this.wire.length + 1)
    for (const event of this.wire.splice(0, some)) this.take(receive(this.sequence, event))
    if (this.missing && this.chance.happens(0.5)) this.hello()
  }

  /** In the end a keep frame tells the head, and everything is asked for and arrives. */
  settle(): void {
    while (this.pages.length) this.arrive()
    for (let n = 0; n < 3; n++) {
      for (const event of this.wire.splice(0)) this.take(receive(this.sequence, event))
      if ((this.sequence.heads.get(classId) ?? 0) < this.server.head) this.hello()
      while (this.pages.length) this.arrive()
    }
  }

  private hello(): void {
    this.missing = false
    const missed = this.server.since(this.sequence.heads.get(classId) ?? 0)
    if (missed === 'resync') {
      this.pages.length = 0
      this.recent = new Recent()
      this.sequence = restart(this.sequence, classId, this.server.head).sequence
      this.pages.push({ page: this.server.page(), side: 'anew' })
    } else this.wire.push(...missed)
  }

  private arrive(): void {
    const next = this.pages.shift()
    if (next) this.timeline = merge(this.timeline, next.page, next.side, this.recent.of(classId))
  }

  private take(step: Step): void {
    this.sequence = step.sequence
    for (const event of step.deliver) {
      this.recent.add(event)
      this.timeline = apply(this.timeline, event)
    }
    this.missing ||= step.gap
  }
}

const histories = Number(process.env['HISTORIES'] ?? 2000)

describe('what a page shows', () => {
  it(`is what the database holds, after any of ${histories} histories of lost, doubled, shuffled and cut frames`, () => {
    for (let seed = 1; seed <= histories; seed++) {
      const chance = new Chance(seed)
      const server = new FakeServer(chance, 5 + chance.below(30))
      for (let n = chance.below(40); n > 0; n--) server.change()
      const reader = new Reader(server, chance)
      for (let n = 20 + chance.below(60); n > 0; n--) {
        if (chance.happens(0.6)) {
          server.change()
          reader.announce(server.head)
        }
        if (chance.happens(0.03)) reader.cut()
        if (chance.happens(0.1)) reader.askOlder()
        reader.run()
      }
      reader.settle()

      const all = server.all()
      const shown = reader.messages
      const expected = reader.hasOlder ? all.slice(-shown.length) : all
      const comparable = (messages: readonly (typeof all)[number][]) =>
        messages.map((one) => ({ ...one, reactions: one.reactions.map(({ emoji, user_ids }) => [emoji, [...user_ids].sort()]).sort() }))
      expect(comparable(shown), `history ${seed}`).toEqual(comparable(expected))
    }
  }, 120_000)
})
