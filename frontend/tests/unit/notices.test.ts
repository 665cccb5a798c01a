import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endShown, mostNotices, useNotices } from '@/stores/notices'
import type { Push } from '@/text/push'

const at = (second: number) => new Date(Date.UTC(2026, 2, 2, 9, 0, second)).toISOString()
let id = 0
const push = (more: Partial<Push> = {}): Push => ({ id: `push-${++id}`, at: at(id % 60), ...more })

beforeEach(() => {
  id = 0
  sessionStorage.clear()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  setActivePinia(createPinia())
})
afterEach(() => {
  useNotices().clear()
  vi.useRealTimers()
})

describe('a push', () => {
  it('stands in the page until it is dismissed, and in the list after that', () => {
    const notices = useNotices()
    notices.take(push({ content: 'The build is done' }))
    expect(notices.shown.map((notice) => notice.text)).toEqual(['The build is done'])
    expect(notices.unseen).toBe(1)
    notices.dismiss(notices.shown[0]?.key ?? '')
    expect(notices.shown).toEqual([])
    expect(notices.unseen).toBe(0)
    expect(notices.list).toHaveLength(1)
  })

  it('is the same push under the same id, however often it comes', () => {
    const notices = useNotices()
    const same = push({ content: 'once' })
    notices.take(same)
    notices.dismiss(notices.shown[0]?.key ?? '')
    notices.take(same)
    expect(notices.list).toHaveLength(1)
    expect(notices.shown).toEqual([])
  })

  it('is one of fifty at most', () => {
    const notices = useNotices()
    for (let n = 0; n < mostNotices + 20; n++) notices.take(push({ content: `number ${n}` }))
    expect(notices.list).toHaveLength(mostNotices)
    expect(notices.list[0]?.text).toBe(`number ${mostNotices + 19}`)
  })

  it('without words says what its object says', () => {
    const notices = useNotices()
    notices.take(push({ data: { uid: 7, stage: 'encoding', left: 12, parts: ['a'] } }))
    expect(notices.list[0]?.text).toBe('stage: encoding · left: 12 · parts: ["a"]')
  })

  it('is seen once the list is opened', () => {
    const notices = useNotices()
    notices.take(push({ content: 'one' }))
    notices.take(push({ content: 'two' }))
    expect(notices.unseen).toBe(2)
    notices.look()
    expect(notices.unseen).toBe(0)
    notices.take(push({ content: 'three' }))
    expect(notices.unseen).toBe(0)
  })
})

describe('the pushes of a task', () => {
  it('are one notice whose bar moves', () => {
    const notices = useNotices()
    for (const percent of [0, 40, 88]) notices.take(push({ task: 'export', content: `step ${percent}`, percent }))
    expect(notices.list).toHaveLength(1)
    expect(notices.shown[0]).toMatchObject({ task: 'export', text: 'step 88', percent: 88 })
    expect(notices.unseen).toBe(1)
  })

  it('leave the page at 100, and stay in the list', () => {
    const notices = useNotices()
    notices.take(push({ task: 'export', content: 'going', percent: 50 }))
    notices.take(push({ task: 'export', content: 'there', percent: 100 }))
    expect(notices.shown[0]?.percent).toBe(100)
    vi.advanceTimersByTime(endShown)
    expect(notices.shown).toEqual([])
    expect(notices.list[0]).toMatchObject({ text: 'there', percent: 100 })
  })

  it('come back when the task begins again, also before it has left', () => {
    const notices = useNotices()
    notices.take(push({ task: 'export', content: 'there', percent: 100 }))
    notices.take(push({ task: 'export', content: 'again', percent: 1 }))
    vi.advanceTimersByTime(endShown)
    expect(notices.shown[0]).toMatchObject({ text: 'again', percent: 1 })
  })

  it('do not bring back a bar that was dismissed', () => {
    const notices = useNotices()
    notices.take(push({ task: 'export', content: 'a', percent: 10 }))
    notices.dismiss('task export')
    notices.take(push({ task: 'export', content: 'b', percent: 20 }))
    expect(notices.shown).toEqual([])
    expect(notices.list[0]?.percent).toBe(20)
  })

  it('never run backwards because one came late', () => {
    const notices = useNotices()
    notices.take(push({ task: 'export', content: 'b', percent: 60, at: at(30) }))
    notices.take(push({ task: 'export', content: 'a', percent: 50, at: at(20) }))
    expect(notices.list[0]).toMatchObject({ text: 'b', percent: 60 })
  })

  it('without a name move one bar too', () => {
    const notices = useNotices()
    notices.take(push({ percent: 10, data: { uid: 1, percent: '10%' } }))
    notices.take(push({ percent: 88, data: { uid: 1, percent: '88%' } }))
    expect(notices.list).toHaveLength(1)
    expect(notices.list[0]).toMatchObject({ percent: 88, task: '', text: '' })
  })
})

describe('the session', () => {
  it('remembers the list over a reload, and what it has shown', () => {
    const before = useNotices()
    before.start(7)
    const one = push({ content: 'one' })
    before.take(one)
    before.take(push({ task: 'export', content: 'there', percent: 100 }))
    before.keep()

    setActivePinia(createPinia())
    const after = useNotices()
    after.start(7)
    expect(after.list).toHaveLength(2)
    expect(after.shown.map((notice) => notice.text)).toEqual(['one'])
    after.take(one)
    expect(after.list).toHaveLength(2)
    before.clear()
  })

  it('leaves nothing for who signs in next', () => {
    const notices = useNotices()
    notices.start(7)
    notices.take(push({ content: 'private' }))
    notices.keep()
    notices.clear()
    expect(notices.list).toEqual([])
    expect(sessionStorage.length).toBe(0)
    notices.start(8)
    expect(notices.list).toEqual([])
  })
})
