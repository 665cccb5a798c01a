import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MessagePage } from '@/api/nouns'
import MessageList from '@/components/conversation/MessageList.vue'
import { useMessages } from '@/stores/messages'
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

async function list() {
  const { wrapper } = await stage(MessageList, { classId: 1, threadId: 7, name: 'Homework' })
  await flushPromises()
  return { wrapper, messages: useMessages(), notice: () => wrapper.find('.older.fault') }
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
