import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import App from '@/App.vue'
import type { SignedIn, User } from '@/api/nouns'
import { i18n, speak } from '@/i18n'
import { useFeed } from '@/stores/feed'
import { useSession } from '@/stores/session'
import SignInView from '@/views/SignInView.vue'
import { FakeSocket } from './socket'

const ada: User = { id: 10, name: 'Ada', role: 'admin', hue: 0, locale: '', created_at: '2026-03-02T09:00:00.000Z' }
const bob: User = { ...ada, id: 12, name: 'Bob', role: 'student' }

let wrapper: VueWrapper
/** Whom REST takes the browser for. */
let cookie: User

beforeEach(() => {
  cookie = ada
  vi.stubGlobal('fetch', async (request: Request) => Response.json(request.url.endsWith('/session') ? { user: cookie, session: { my_device: false } } : { items: [] }))
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
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/sign-in', name: 'sign-in', component: SignInView, meta: { open: true } },
      { path: '/join', name: 'join', component: page },
      { path: '/second-factor', name: 'second-factor', component: page },
      { path: '/:rest(.*)*', component: page },
    ],
  })
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

it('nor does who first sets up a second factor go on to where another was', async () => {
  const router = await open('/c/3/t/9')
  useSession().enter({ user: bob, session: { my_device: false }, second_factor_first: true } as SignedIn)
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe('/')
})

// The next of a shared computer landed in a class of whoever had signed out.
it.each([
  ['who comes after another', bob, '/'],
  ['who comes back', ada, '/c/3/t/9'],
])('%s goes on where they have been themselves', async (_, user, path) => {
  const router = await open('/c/3/t/9')
  useSession().forget()
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('sign-in'))
  cookie = user
  await wrapper.get('[name="username"]').setValue(user.name)
  await wrapper.get('[name="password"]').setValue('correct horse')
  await wrapper.get('form').trigger('submit')
  await vi.waitFor(() => expect(router.currentRoute.value.name).not.toBe('sign-in'))
  await flushPromises()
  expect(router.currentRoute.value.path).toBe(path)
})

describe('the tabs of one browser', () => {
  let other: BroadcastChannel
  beforeEach(() => (other = new BroadcastChannel('homeroom.session')))
  afterEach(() => other.close())

  // What was done on a page of Ada's was done as Bob.
  it('are all for whoever has signed in in one of them', async () => {
    await open('/admin/users')
    cookie = bob
    other.postMessage(bob.id)
    await vi.waitFor(() => expect(wrapper.text()).toContain('Opened by Bob'))
  })

  it('tell each other who has come, and nothing of who stays', async () => {
    const heard: number[] = []
    other.onmessage = (message: MessageEvent<number>) => heard.push(message.data)
    await open('/settings')
    useSession().become({ ...ada, name: 'Ada Lovelace' })
    await flushPromises()
    useSession().become(bob)
    await vi.waitFor(() => expect(heard).toEqual([ada.id, bob.id]))
  })
})
