import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import type { User } from '@/api/nouns'
import { useDrafts } from '@/stores/drafts'
import { useSession } from '@/stores/session'

const user = (id: number): User => ({ id, name: `User ${id}`, role: 'student', hue: 0, locale: '', created_at: '2026-09-01T08:00:00.000Z' })

beforeEach(() => {
  setActivePinia(createPinia())
  localStorage.clear()
  vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
})

// On a shared computer the next pupil once found what the one before had typed.
test('signing out leaves nothing that was typed, but what others have and what waits to be sent', async () => {
  const session = useSession()
  session.become(user(12))
  useDrafts().set(3, "another's")
  session.become(user(1))
  useDrafts().set(3, 'a secret')
  useDrafts().set(4, 'another secret')
  localStorage.setItem('homeroom.outbox', 'waits')
  await session.signOut()
  useDrafts().set(4, 'written late')
  expect(JSON.stringify(localStorage)).not.toMatch(/secret|late/)
  expect(localStorage.getItem('homeroom.outbox')).toBe('waits')
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
