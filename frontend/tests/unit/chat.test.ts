import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Fault } from '@/api/fault'
import type { Class, Thread, User } from '@/api/nouns'
import { i18n, speak } from '@/i18n'
import { useClasses } from '@/stores/classes'
import { useFeed } from '@/stores/feed'
import { useSession } from '@/stores/session'
import ChatView from '@/views/ChatView.vue'

const at = '2026-03-02T09:00:00.000Z'
const bob: User = { id: 2, name: 'Bob', role: 'student', hue: 3, locale: '', created_at: at }
const group: Class = { id: 1, name: 'Physics', description: '', hue: 1, students_open_threads: false, students_see_presence: false, seq: 1, created_by: 1, created_at: at, role: 'student' }
const thread: Thread = { id: 7, class_id: 1, name: 'Homework', created_by: 1, created_at: at, last_seq: 0 }

let wrapper: VueWrapper
let busy: boolean

beforeEach(() => {
  busy = true
  vi.stubGlobal('matchMedia', (media: string) => ({ matches: media.includes('max-width'), media, addEventListener() {}, removeEventListener() {} }))
  vi.stubGlobal('fetch', async (request: Request) => {
    if (busy) return Response.json({ code: 140, title: 'busy', status: 503 }, { status: 503 })
    return Response.json({ items: request.url.endsWith('/classes') ? [group] : request.url.includes('/threads') ? [thread] : [] })
  })
})
afterEach(() => {
  wrapper.unmount()
  useFeed().stop()
  vi.unstubAllGlobals()
  localStorage.clear()
})

/** Bob opens this on a phone. */
async function open(path: string): Promise<void> {
  const pinia = createPinia()
  setActivePinia(pinia)
  await speak('en')
  useSession().user = bob
  const routes = ['/', '/c/:class', '/c/:class/t/:thread'].map((one) => ({ path: one, component: ChatView }))
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push(path)
  wrapper = mount(
    defineComponent({ render: () => h(TooltipProvider, null, { default: () => h(ChatView) }) }),
    { attachTo: document.body, global: { plugins: [pinia, i18n, router], stubs: ['ConversationPane', 'OverlayHost'] } },
  )
  await flushPromises()
}

/** It says what is wrong, and is asked once more. */
async function retry(): Promise<void> {
  const notice = wrapper.get('main [role="alert"]')
  expect(notice.text()).toContain('The server is busy')
  busy = false
  await notice.get('button').trigger('click')
}

// It stayed blank: the list of threads says so, and on a phone it is another page.
it('on a phone a thread whose class cannot list its threads says why, and comes with Retry', async () => {
  await open('/c/1/t/7')
  useClasses().restore([group])
  await flushPromises()
  await retry()
  await vi.waitFor(() => expect(wrapper.find('conversation-pane-stub').exists()).toBe(true))
})

it.each([
  ['a class', '/c/1', 'main.threads'],
  ['a thread', '/c/1/t/7', 'conversation-pane-stub'],
])('on a phone %s says why the classes cannot be read, and comes with Retry', async (_, path, there) => {
  await open(path)
  useClasses().fault = new Fault({ code: 140 })
  await flushPromises()
  await retry()
  await vi.waitFor(() => expect(wrapper.find(there).exists()).toBe(true))
})
