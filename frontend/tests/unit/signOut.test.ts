import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { User } from '@/api/nouns'
import BaseMenu from '@/components/base/BaseMenu.vue'
import UserMenu from '@/components/column/UserMenu.vue'
import OverlayHost from '@/components/overlay/OverlayHost.vue'
import type { Entry } from '@/outbox/entry'
import { Disk } from '@/outbox/shelf'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { stage } from './stage'

const bob: User = { id: 2, name: 'Bob', role: 'student', hue: 3, locale: '', created_at: '2026-09-01T08:00:00.000Z' }
let mounted: VueWrapper | undefined
const dialog = () => document.querySelector('[role="dialog"]')

beforeEach(() => {
  document.body.innerHTML = '<div id="menus"></div>'
  vi.stubGlobal('fetch', vi.fn(async () => new Response(null, { status: 204 })))
})
afterEach(async () => {
  mounted?.unmount()
  useOutbox().stop()
  const disk = new Disk()
  for (const entry of await disk.all(bob.id)) await disk.remove(entry)
  document.body.replaceChildren()
  vi.unstubAllGlobals()
})

/** Bob has written messages that came to this, and chooses to sign out. */
async function leave(...states: readonly Entry['state'][]): Promise<void> {
  const disk = new Disk()
  for (const [index, state] of states.entries()) {
    await disk.add({ user_id: bob.id, class_id: 1, thread_id: 3, client_id: `${index}`, content: state, written_at: bob.created_at, state })
  }
  const { wrapper } = await stage(
    defineComponent(() => {
      useSession().become(bob)
      return () => [h(UserMenu), h(OverlayHost)]
    }),
  )
  mounted = wrapper
  await useOutbox().start(bob.id)
  const entry = wrapper.getComponent(BaseMenu).props('entries').find((one) => one !== 'line' && one.label === 'Sign out')
  if (entry !== undefined && entry !== 'line') entry.run()
  await flushPromises()
}

// It once was deleted without a word, for only what waited was asked about.
it('who signs out is asked about what failed, which is deleted', async () => {
  await leave('failed')
  await vi.waitFor(() => expect(dialog()?.textContent).toContain('1 message could not be sent and will be deleted.'))
  expect(dialog()?.textContent).not.toContain('not been sent yet')
  expect(fetch).not.toHaveBeenCalled()
})

it('both what waits and what failed are counted, and nothing is said of none', async () => {
  await leave('waiting', 'failed', 'failed')
  await vi.waitFor(() => expect(dialog()?.textContent).toMatch(/1 message has not been sent yet.*\n2 messages could not be sent/))
  for (const entry of useOutbox().entries) await useOutbox().discard(entry)
  await vi.waitFor(() => expect(dialog()?.textContent).not.toMatch(/message/))
  expect(dialog()?.textContent).toContain('Sign out?')
})

it('who has nothing left to send is signed out at once', async () => {
  await leave()
  await vi.waitFor(() => expect(useSession().user).toBeUndefined())
  expect(dialog()).toBeNull()
})
