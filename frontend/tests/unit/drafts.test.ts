import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { User } from '@/api/nouns'
import MessageComposer from '@/components/conversation/MessageComposer.vue'
import { Disk } from '@/outbox/shelf'
import { useDrafts } from '@/stores/drafts'
import { useSession } from '@/stores/session'
import { stage } from './stage'

const user = (id: number): User => ({ id, name: `User ${id}`, role: 'student', hue: 0, locale: '', created_at: '2026-09-01T08:00:00.000Z' })

beforeEach(() => {
  setActivePinia(createPinia())
  localStorage.clear()
  vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
})

// On a shared computer the next pupil once found what the one before had typed.
test('signing out leaves nothing that was typed, but what others have', async () => {
  const session = useSession()
  session.become(user(12))
  useDrafts().set(3, "another's")
  session.become(user(1))
  useDrafts().set(3, 'a secret')
  useDrafts().set(4, 'another secret')
  await session.signOut()
  useDrafts().set(4, 'written late')
  expect(JSON.stringify(localStorage)).not.toMatch(/secret|late/)
  session.become(user(12))
  expect(useDrafts().get(3)).toBe("another's")
})

test('so does signing out of a session that had ended, and not one that could not be ended', async () => {
  const session = useSession()
  session.become(user(1))
  useDrafts().set(3, 'a secret')
  vi.stubGlobal('fetch', async () => Promise.reject(new Error('offline')))
  await expect(session.signOut()).rejects.toThrow()
  expect(session.user?.id).toBe(1)
  expect(useDrafts().get(3)).toBe('a secret')
  vi.stubGlobal('fetch', async () => Response.json({ code: 130, title: 'sign in', status: 401 }, { status: 401, headers: { 'Content-Type': 'application/problem+json' } }))
  await session.signOut()
  expect(session.user).toBeUndefined()
  expect(JSON.stringify(localStorage)).not.toContain('secret')
})

// What had failed once stayed on the disk of a shared computer.
test('signing out leaves nothing that could not be sent, but what waits and what others have', async () => {
  const disk = new Disk()
  const written = { class_id: 1, thread_id: 3, written_at: '2026-09-01T08:00:00.000Z' }
  // The files share a disk too: no other has these users.
  for (const user_id of [21, 22]) {
    for (const state of ['failed', 'waiting'] as const) await disk.add({ ...written, user_id, state, client_id: `${user_id} ${state}`, content: state })
  }
  const session = useSession()
  session.become(user(21))
  await session.signOut()
  expect((await disk.all(21)).map((entry) => entry.content)).toEqual(['waiting'])
  expect((await disk.all(22)).map((entry) => entry.content)).toEqual(['failed', 'waiting'])
})

/** A tab of user 1 with thread 3 open. */
async function tab() {
  const { wrapper } = await stage(
    defineComponent(() => {
      useSession().become(user(1))
      return () => h(MessageComposer, { classId: 1, threadId: 3, name: 'Homework' })
    }),
  )
  const area = wrapper.get('textarea')
  return { area, type: (text: string) => area.setValue(text), send: () => area.trigger('keydown', { key: 'Enter' }), close: () => wrapper.unmount() }
}
const draft = () => useDrafts().get(3)

// What the disk had no room for was taken to be on it, and the text before it came back.
test('what was sent does not come back where the disk was full', async () => {
  const { type, send } = await tab()
  await type('abc')
  window.dispatchEvent(new Event('pagehide'))
  expect(draft()).toBe('abc')
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await type('abc and an essay')
  window.dispatchEvent(new Event('pagehide'))
  await send()
  full.mockRestore()
  expect(draft()).toBe('')
})

// A tab once wrote its field over the draft whenever it was closed.
describe('of two tabs with the same thread', () => {
  it('an empty one takes nothing away from the other', async () => {
    const [one, other] = [await tab(), await tab()]
    await one.type('an essay')
    one.close()
    other.close()
    expect(draft()).toBe('an essay')
  })

  it('one does not bring back what the other has sent', async () => {
    const writing = await tab()
    await writing.type('abc')
    const reading = await tab()
    expect(reading.area.element.value).toBe('abc')
    await reading.send()
    writing.close()
    expect(draft()).toBe('')
  })

  it('one that sends does not take away what is typed in the other', async () => {
    const writing = await tab()
    await writing.type('abc')
    const reading = await tab()
    await writing.type('abc and an essay')
    writing.close()
    await reading.send()
    expect(draft()).toBe('abc and an essay')
  })

  it('the one that was typed in last has the draft, and its emptiness too', async () => {
    const [one, other] = [await tab(), await tab()]
    await one.type('abc')
    await other.type('abcd')
    one.close()
    await other.type('')
    other.close()
    expect(draft()).toBe('')
  })
})
