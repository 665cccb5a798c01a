import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Message } from '@/api/nouns'
import { useMessages } from '@/stores/messages'
import { message } from './server'

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
