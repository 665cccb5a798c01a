import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import type { Message, MessagePage } from '@/api/nouns'
import MessageEditor from '@/components/conversation/MessageEditor.vue'
import MessageList from '@/components/conversation/MessageList.vue'
import { useMessage } from '@/composables/useMessage'
import { useComposing } from '@/stores/composing'
import { useConnection } from '@/stores/connection'
import { useMessages } from '@/stores/messages'
import { useOutbox } from '@/stores/outbox'
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

vi.stubGlobal('ResizeObserver', class { observe() {} unobserve() {} disconnect() {} })
afterEach(() => {
  document.body.replaceChildren()
})

async function list(target?: number) {
  const { wrapper } = await stage(MessageList, { classId: 1, threadId: 7, name: 'Homework', target })
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
