import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import App from '@/App.vue'
import type { User } from '@/api/nouns'
import { i18n, speak } from '@/i18n'
import { useFeed } from '@/stores/feed'
import { useSession } from '@/stores/session'
import { FakeSocket } from './socket'

const ada: User = { id: 10, name: 'Ada', role: 'admin', hue: 0, locale: '', created_at: '2026-03-02T09:00:00.000Z' }
const bob: User = { ...ada, id: 12, name: 'Bob', role: 'student' }

let wrapper: VueWrapper

beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json({ items: [] }))
  vi.stubGlobal('WebSocket', FakeSocket)
})
afterEach(() => {
  wrapper.unmount()
  useFeed().stop()
  vi.unstubAllGlobals()
  sessionStorage.clear()
  localStorage.clear()
})

const page = defineComponent({
  setup() {
    const opened = useSession().user?.name
    return () => h('main', `Opened by ${opened}`)
  },
})

/** The app as Ada has it: each page knows for good who opened it. */
async function open(path: string) {
  const pinia = createPinia()
  setActivePinia(pinia)
  await speak('en')
  useSession().become(ada)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: page }] })
  await router.push(path)
  wrapper = mount(App, { attachTo: document.body, global: { plugins: [pinia, i18n, router] } })
  await flushPromises()
  return router
}

// Ada's users stayed on the screen for Bob, who had signed in in another tab.
it.each(['/admin/users', '/'])('%s shows nothing to one user that another has opened', async (path) => {
  const router = await open(path)
  useSession().become(bob)
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/')
  expect(wrapper.text()).toContain('Opened by Bob')
})

it('a page stays as it is where the same user is read again', async () => {
  const router = await open('/settings')
  useSession().become({ ...ada, name: 'Ada Lovelace' })
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/settings')
  expect(wrapper.text()).toContain('Opened by Ada')
  expect(wrapper.text()).not.toContain('Lovelace')
})
