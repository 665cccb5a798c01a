import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h, watch } from 'vue'
import * as api from '@/api/messages'
import { useAnnounced } from '@/composables/useAnnounced'
import { useMessages } from '@/stores/messages'
import { message } from './server'
import { stage } from './stage'

afterEach(() => {
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

// The second of two equal messages was no change to what a screen reader listens to.
it('each of two equal messages is read aloud, and what was there before is not', async () => {
  vi.spyOn(api, 'page').mockResolvedValue({ items: [message(1, 1)], has_older: false, has_newer: false, seq: 1 })
  const heard: string[] = []
  await stage(
    defineComponent(() => {
      const text = useAnnounced(() => 7)
      watch(text, (now) => heard.push(now), { flush: 'post' })
      return () => h('p', text.value)
    }),
  )
  await useMessages().open(1, 7)
  useMessages().took(message(2, 2, { content: 'ok' }))
  await vi.waitFor(() => expect(heard).toEqual(['Bob: ok']))
  useMessages().took(message(3, 3, { content: 'ok' }))
  await vi.waitFor(() => expect(heard).toEqual(['Bob: ok', '', 'Bob: ok']))
})
