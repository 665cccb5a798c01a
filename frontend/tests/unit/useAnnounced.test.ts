import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref, watch } from 'vue'
import * as api from '@/api/messages'
import { useAnnounced } from '@/composables/useAnnounced'
import { useMessages } from '@/stores/messages'
import { message } from './server'
import { stage } from './stage'

afterEach(() => {
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

/** Opens a thread with one message, and notes what a screen reader hears. */
async function listen() {
  vi.spyOn(api, 'page').mockResolvedValue({ items: [message(1, 1)], has_older: false, has_newer: false, seq: 1 })
  const heard: string[] = []
  let text = ref('')
  const { wrapper } = await stage(
    defineComponent(() => {
      text = useAnnounced(() => 7)
      watch(text, (now) => heard.push(now), { flush: 'post' })
      return () => h('p', text.value)
    }),
  )
  await useMessages().open(1, 7)
  return { heard, text, wrapper }
}

// The second of two equal messages was no change to what a screen reader listens to.
it('each of two equal messages is read aloud, and what was there before is not', async () => {
  const { heard } = await listen()
  useMessages().took(message(2, 2, { content: 'ok' }))
  await vi.waitFor(() => expect(heard).toEqual(['Bob: ok']))
  useMessages().took(message(3, 3, { content: 'ok' }))
  await vi.waitFor(() => expect(heard).toEqual(['Bob: ok', '', 'Bob: ok']))
})

// The second once took the place of the first, which nobody had heard yet.
it('of messages that come at once the first is read aloud too, and of a crowd the newest', async () => {
  const { heard } = await listen()
  const say = async (...ids: number[]) => {
    for (const id of ids) {
      useMessages().took(message(id, id, { content: `${id}` }))
      await nextTick()
    }
  }
  await say(2, 3)
  await vi.waitFor(() => expect(heard).toEqual(['Bob: 2\nBob: 3']))
  await say(4, 5, 6, 7)
  await vi.waitFor(() => expect(heard.at(-1)).toBe('Bob: 5\nBob: 6\nBob: 7'))
})

it('nothing is said in a thread that was left', async () => {
  const { text, wrapper } = await listen()
  vi.useFakeTimers()
  useMessages().took(message(2, 2))
  await nextTick()
  wrapper.unmount()
  vi.runAllTimers()
  vi.useRealTimers()
  expect(text.value).toBe('')
})
