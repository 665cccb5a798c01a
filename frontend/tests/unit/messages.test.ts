import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Message } from '@/api/nouns'
import type { EventFrame } from '@/live/frames'
import { useMessages } from '@/stores/messages'
import { message } from './server'

const at = '2026-03-02T09:00:00.000Z'
const stretch = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => message(from + n, from + n))
const numbers = () => useMessages().of(7).messages.map((one) => one.seq)

/** What is asked from now on, oldest first; each is answered when the test answers it. */
let answers: ((body: unknown) => void)[]
const asked = async () => {
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(0))
  return answers.shift() ?? (() => {})
}

beforeEach(() => {
  setActivePinia(createPinia())
  answers = []
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push((body) => resolve(Response.json(body)))))
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** The thread holds these, and goes on before them and behind them as said. */
function have(messages: Message[], { hasOlder = false, hasNewer = false } = {}): void {
  useMessages().restore(1, { threadId: 7, messages, hasOlder, hasNewer, loaded: true })
}

describe('a page that comes once its thread was left', () => {
  it('makes no hole where what it belonged to was let go', async () => {
    have(stretch(51, 300), { hasOlder: true })
    const older = useMessages().older(1, 7)
    const answer = await asked()
    useMessages().leave(7)
    answer({ items: stretch(1, 50), has_older: false, has_newer: true, seq: 300 })
    await older
    expect(numbers()).toEqual(stretch(101, 300).map((one) => one.seq))
    expect(useMessages().of(7).hasOlder).toBe(true)
  })

  it('is not all there is where the thread was let go', async () => {
    have(stretch(51, 300), { hasNewer: true })
    const newer = useMessages().newer(1, 7)
    const answer = await asked()
    useMessages().leave(7)
    answer({ items: stretch(301, 350), has_older: true, has_newer: false, seq: 350 })
    await newer
    expect(numbers()).toEqual([])
    expect(useMessages().of(7).loaded).toBe(false)
  })

  it('is kept where it still fits', async () => {
    have(stretch(51, 100), { hasOlder: true })
    const older = useMessages().older(1, 7)
    const answer = await asked()
    useMessages().leave(7)
    answer({ items: stretch(1, 50), has_older: false, has_newer: true, seq: 100 })
    await older
    expect(numbers()).toEqual(stretch(1, 100).map((one) => one.seq))
  })
})

describe('the answer to a change of a message', () => {
  const two = () => useMessages().of(7).messages.find((one) => one.id === 2)
  const told = (seq: number, event: object) => useMessages().applied({ op: 'event', class_id: 1, seq, at, ...event } as EventFrame)
  const reacted = (seq: number, user_id: number) => told(seq, { type: 'reaction.added', data: { message_id: 2, thread_id: 7, emoji: '👍', user_id } })

  it('is taken at once, for the event may come later', async () => {
    have(stretch(1, 3))
    const done = useMessages().react(message(2, 2), '👍', true)
    const answer = await asked()
    answer(message(2, 2, { reactions: [{ emoji: '👍', user_ids: [11] }] }))
    await done
    expect(two()?.reactions).toEqual([{ emoji: '👍', user_ids: [11] }])
  })

  // Both were stored in one commit, and told before the first of them was answered.
  it('takes back no reaction that was told meanwhile', async () => {
    have(stretch(1, 3))
    const done = useMessages().react(message(2, 2), '👍', true)
    const answer = await asked()
    reacted(4, 11)
    reacted(5, 12)
    answer(message(2, 2, { reactions: [{ emoji: '👍', user_ids: [11] }] }))
    await done
    expect(two()?.reactions).toEqual([{ emoji: '👍', user_ids: [11, 12] }])
  })

  it('brings back no message that was deleted meanwhile', async () => {
    have(stretch(1, 3))
    const done = useMessages().edit(message(2, 2), 'better')
    const answer = await asked()
    told(4, { type: 'message.edited', data: message(2, 2, { content: 'better', edited_at: at }) })
    told(5, { type: 'message.deleted', data: message(2, 2, { content: '', deleted_at: at }) })
    answer(message(2, 2, { content: 'better', edited_at: at }))
    await done
    expect(two()).toMatchObject({ content: '', deleted_at: at })
  })

  it('is taken where only other messages were changed meanwhile', async () => {
    have(stretch(1, 3))
    const done = useMessages().remove(message(2, 2))
    const answer = await asked()
    told(4, { type: 'message.edited', data: message(3, 3, { content: 'better', edited_at: at }) })
    answer(message(2, 2, { content: '', deleted_at: at }))
    await done
    expect(two()).toMatchObject({ content: '', deleted_at: at })
  })
})
