import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import type { Message, MessagePage, Thread } from '@/api/nouns'
import MessageEditor from '@/components/conversation/MessageEditor.vue'
import MessageList from '@/components/conversation/MessageList.vue'
import { useMessage } from '@/composables/useMessage'
import { useComposing } from '@/stores/composing'
import { useConnection } from '@/stores/connection'
import { useMessages } from '@/stores/messages'
import { useOutbox } from '@/stores/outbox'
import { useThreads } from '@/stores/threads'
import { message } from './server'
import { stage } from './stage'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => message(from + n, from + n))

/** What the next pages are; without one the server cannot be reached. */
function serve(...pages: Partial<MessagePage>[]): void {
  vi.stubGlobal('fetch', async () => {
    const page = pages.shift()
    if (!page) throw new TypeError('Failed to fetch')
    return Response.json({ items: [], has_older: false, has_newer: false, seq: 100, ...page })
  })
}

const still = class { observe() {} unobserve() {} disconnect() {} }
vi.stubGlobal('ResizeObserver', still)
let mounted: VueWrapper | undefined
afterEach(() => {
  mounted?.unmount()
  mounted = undefined
  document.body.replaceChildren()
})

async function list(target?: number) {
  const { wrapper } = await stage(MessageList, { classId: 1, threadId: 7, name: 'Homework', target })
  mounted = wrapper
  const messages = useMessages()
  await vi.waitFor(() => expect(messages.of(7).loaded).toBe(true))
  return { wrapper, messages, notice: () => wrapper.find('.older.fault') }
}

describe('what could not be read', () => {
  it('is what Retry reads, also where the whole thread was here', async () => {
    serve({ items: range(1, 10) })
    const { messages, notice } = await list()
    messages.reset(1, 7)
    await messages.newest(1, 7)
    await flushPromises()
    expect(notice().exists()).toBe(true)
    serve({ items: range(1, 12) })
    await notice().get('button').trigger('click')
    await flushPromises()
    expect(notice().exists()).toBe(false)
    expect(messages.of(7).messages).toHaveLength(12)
  })
})

it('older messages can be read after a jump to another place, whatever was on its way before it', async () => {
  serve({ items: range(51, 100), has_older: true })
  const { messages } = await list()
  vi.stubGlobal('fetch', (request: Request) => new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(new Error('aborted')))))
  const older = messages.older(1, 7)
  await vi.waitFor(() => expect(messages.isBusy(7, 'older')).toBe(true))
  serve({ items: range(20, 30), has_older: true, has_newer: true }, { items: range(1, 19) })
  await messages.open(1, 7, 25)
  await older
  await messages.older(1, 7)
  expect(messages.of(7).messages.map((one) => one.seq)).toEqual(range(1, 30).map((one) => one.seq))
})

it('what comes too late of before does not stand before what is here now, also after a reload', async () => {
  setActivePinia(createPinia())
  const messages = useMessages()
  messages.restore(1, { threadId: 7, messages: range(51, 100), hasOlder: true, hasNewer: false, loaded: true })
  let answer: (response: Response) => void = () => {}
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answer = resolve)))
  const older = messages.older(1, 7)
  await vi.waitFor(() => expect(messages.isBusy(7, 'older')).toBe(true))
  serve({ items: range(851, 900), has_older: true })
  await messages.newest(1, 7)
  answer(Response.json({ items: range(1, 50), has_older: false, has_newer: true, seq: 100 }))
  await older
  expect(messages.of(7).messages.map((one) => one.seq)).toEqual(range(851, 900).map((one) => one.seq))
})

describe('where a page does not fill the view', () => {
  /** The view of the list is that high, and each of its rows 40; it is told with the next frame, as browsers do. */
  function measure(height: number) {
    vi.spyOn(HTMLElement.prototype, 'offsetParent', 'get').mockReturnValue(document.body)
    let grow = () => {}
    vi.stubGlobal(
      'ResizeObserver',
      class extends still {
        private readonly due = new Set<Element>()
        constructor(private readonly told: (entries: object[]) => void) {
          super()
        }
        override observe(target?: Element) {
          if (!target) return
          if (target.classList.contains('scroller')) grow = () => this.observe(target)
          if (!this.due.size) requestAnimationFrame(() => this.tell())
          this.due.add(target)
        }
        private tell(): void {
          const entries = [...this.due].map((target) => ({ target, contentRect: { width: 600, height: target.classList.contains('scroller') ? height : 40 } }))
          this.due.clear()
          this.told(entries)
        }
      },
    )
    return (next: number) => {
      height = next
      grow()
    }
  }
  afterEach(() => {
    vi.stubGlobal('ResizeObserver', still)
  })
  const pages = (...all: Message[][]) => serve(...all.map((items) => ({ items, has_older: (items[0]?.seq ?? 1) > 1 })))
  const first = () => useMessages().of(7).messages[0]?.seq

  // Nothing could be scrolled, so nothing asked for the others.
  it('the older ones come until it does, or there are none', async () => {
    const grow = measure(600)
    pages(range(21, 30), range(11, 20), range(1, 10))
    await list()
    await vi.waitFor(() => expect(first()).toBe(11), 5000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(first()).toBe(11)
    grow(1000)
    await vi.waitFor(() => expect(first()).toBe(1), 5000)
  })

  it('they are not asked for again and again where they cannot be read', async () => {
    const grow = measure(600)
    pages(range(21, 30))
    const { messages, notice } = await list()
    await vi.waitFor(() => expect(notice().exists()).toBe(true), 5000)
    const { fault } = messages.missed.get(7) ?? {}
    grow(1000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(messages.missed.get(7)?.fault).toBe(fault)
    pages(range(11, 20), range(1, 10))
    await notice().get('button').trigger('click')
    await vi.waitFor(() => expect(first()).toBe(1), 5000)
  })
})

it('nothing more is read of a thread that was left', async () => {
  let asked = 0
  let answer: (response: Response) => void = () => {}
  vi.stubGlobal('fetch', (request: Request) => new Promise<Response>((resolve) => {
    if (!new URL(request.url).pathname.endsWith('/messages')) return
    asked++
    answer = resolve
  }))
  const page = (from: number, to: number) => answer(Response.json({ items: range(from, to), has_older: true, has_newer: to < 300, seq: 300 }))
  const thread: Thread = { id: 7, class_id: 1, name: 'Homework', created_by: 1, created_at: '2026-03-02T09:00:00.000Z', last_seq: 300, read_seq: 20, unread: 280 }
  const { wrapper } = await stage(
    defineComponent(() => {
      useThreads().restore(1, [thread])
      return () => h(MessageList, { classId: 1, threadId: 7, name: 'Homework' })
    }),
  )
  await vi.waitFor(() => expect(asked).toBe(1))
  page(251, 300)
  await vi.waitFor(() => expect(asked).toBe(2))
  wrapper.unmount()
  page(201, 250)
  await vi.waitFor(() => expect(useMessages().of(7).messages).toHaveLength(100))
  await flushPromises()
  expect(asked).toBe(2)
})

it('what is written at an old place of a thread is shown at its end', async () => {
  serve({ items: range(20, 30), has_older: true, has_newer: true }, { items: range(91, 100), has_older: true })
  const { wrapper, messages } = await list(25)
  await vi.waitFor(() => expect(wrapper.find('.scroller.seen').exists()).toBe(true))
  void useOutbox().send(1, 7, 'hello')
  await vi.waitFor(() => expect(messages.of(7).hasNewer).toBe(false))
  const stored = message(101, 101, { content: 'hello' })
  messages.took(stored)
  expect(messages.of(7).messages.at(-1)).toEqual(stored)
})

describe('a message by itself', () => {
  async function pinned() {
    const Line = defineComponent({
      setup() {
        const one = useMessage(() => 1, () => 7, () => 3)
        return () => one.value?.content ?? '…'
      },
    })
    const { wrapper } = await stage(Line)
    const text = () => wrapper.text()
    return { text, connection: useConnection(), messages: useMessages() }
  }
  const answers = () => vi.stubGlobal('fetch', async () => Response.json(message(3, 3)))

  it('is read again when too much of its class was missed', async () => {
    answers()
    const { text, messages } = await pinned()
    await vi.waitFor(() => expect(text()).toBe('message 3'))
    messages.reset(1, 7)
    await flushPromises()
    await vi.waitFor(() => expect(text()).toBe('message 3'))
  })

  it('is read once the server is back', async () => {
    serve()
    const { text, connection } = await pinned()
    await flushPromises()
    expect(text()).toBe('…')
    answers()
    connection.state = 'live'
    await vi.waitFor(() => expect(text()).toBe('message 3'))
  })
})

it('the new text of a message is kept while its row is out of view, or another is edited, and until it is given up', async () => {
  const shown = ref<Message[]>([])
  const Rows = defineComponent({ setup: () => () => shown.value.map((one) => h(MessageEditor, { key: one.id, message: one })) })
  const { wrapper } = await stage(Rows)
  const composing = useComposing()
  const [three, four] = [message(3, 3), message(4, 4)]
  async function edit(one: Message) {
    composing.edit(one.id)
    shown.value = [one]
    await flushPromises()
    return wrapper.get('textarea')
  }
  await (await edit(three)).setValue('half a thought')
  expect((await edit(four)).element.value).toBe('message 4')
  const field = await edit(three)
  expect(field.element.value).toBe('half a thought')
  await field.trigger('keydown', { key: 'Escape' })
  expect(composing.editing).toBeUndefined()
  shown.value = []
  await flushPromises()
  expect((await edit(three)).element.value).toBe('message 3')
})
