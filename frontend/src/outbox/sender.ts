import { next, outcome, type Entry, type Reply } from './entry'
import type { Shelf } from './shelf'

export interface Post {
  /** Sends one entry; rejects when it cannot be known whether it arrived. */
  send(entry: Entry): Promise<Reply>
  /** Something on the shelf changed. */
  changed(): void
  /** Runs `work` while no other tab of this browser runs its own. */
  alone(work: () => Promise<void>): Promise<void>
  pause(ms: number): Promise<void>
}

/**
 * Sends what a user wrote, one after the other, always the first first, and the
 * next only after the answer. Whatever else sends the same shelf at the same
 * time (a tab that took over, a page before its reload), the order on the
 * server is the order of writing: a later entry leaves only after its sender
 * has seen all earlier ones stored. That they are stored once is the client
 * id's doing. `alone` therefore saves work and is not needed to be right.
 */
export class Sender {
  private running = false
  private again = false
  private stopped = false
  private readonly tries = new Map<string, number>()

  constructor(
    private readonly userId: number,
    private readonly shelf: Shelf,
    private readonly post: Post,
  ) {}

  stop(): void {
    this.stopped = true
  }

  /** Sends all that waits; called when something was written and when the connection is there. */
  async drain(): Promise<void> {
    if (this.running) {
      this.again = true
      return
    }
    this.running = true
    try {
      await this.post.alone(() => this.work())
    } finally {
      this.running = false
    }
    if (this.again) {
      this.again = false
      await this.drain()
    }
  }

  private async work(): Promise<void> {
    for (;;) {
      this.again = false
      const entry = next(await this.shelf.all(this.userId))
      if (!entry || this.stopped) return
      if (!(await this.attempt(entry))) return
    }
  }

  /** Tries once; false when there is no use in going on now. */
  private async attempt(entry: Entry): Promise<boolean> {
    const tried = this.tries.get(entry.client_id) ?? 0
    let reply: Reply
    try {
      reply = await this.post.send(entry)
    } catch {
      return false
    }
    const result = outcome(reply, tried)
    switch (result.kind) {
      case 'stored':
        this.tries.delete(entry.client_id)
        await this.shelf.remove(entry)
        this.post.changed()
        return true
      case 'again':
        this.tries.set(entry.client_id, tried + 1)
        await this.post.pause(result.wait)
        return true
      case 'away':
        return false
      case 'refused':
        this.tries.delete(entry.client_id)
        await this.shelf.put({ ...entry, state: 'failed', code: result.code, detail: result.detail })
        this.post.changed()
        return true
      default:
        return result satisfies never
    }
  }
}
