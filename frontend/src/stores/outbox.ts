import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { ClassFile } from '@/api/nouns'
import { clientId, type Draft, type Entry, type Reply } from '@/outbox/entry'
import { Sender } from '@/outbox/sender'
import { shelf, type Shelf } from '@/outbox/shelf'
import { useConnection } from './connection'
import { useMessages } from './messages'

/** What the user has written and the server has not stored yet. */
export const useOutbox = defineStore('outbox', () => {
  const kept = shallowRef<readonly Entry[]>([])
  /** Written this instant, and not on the shelf yet. */
  const fresh = shallowRef<readonly Draft[]>([])
  const entries = computed<readonly Entry[]>(() => {
    const known = new Set(kept.value.map((entry) => entry.client_id))
    const soon = fresh.value.filter((draft) => !known.has(draft.client_id))
    return [...kept.value, ...soon.map((draft, index) => ({ ...draft, order: Number.MAX_SAFE_INTEGER - soon.length + index }))]
  })
  const waiting = computed(() => entries.value.filter((entry) => entry.state === 'waiting').length)
  const of = (threadId: number) => entries.value.filter((entry) => entry.thread_id === threadId)

  let place: Promise<Shelf> | undefined
  let sender: Sender | undefined
  let channel: BroadcastChannel | undefined
  let userId = 0

  async function start(user: number): Promise<void> {
    stop()
    userId = user
    place ??= shelf()
    const here = await place
    if (userId !== user) return
    channel = new BroadcastChannel(`homeroom.outbox.${user}`)
    channel.onmessage = ({ data }) =>
      void reload().then(() => {
        if (data === 'unsent') drain()
      })
    sender = new Sender(user, here, {
      send: post,
      changed,
      alone: (work) => alone(user, work),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    })
    await reload()
    drain()
  }

  function stop(): void {
    sender?.stop()
    sender = undefined
    channel?.close()
    channel = undefined
    userId = 0
    kept.value = []
    fresh.value = []
  }

  async function reload(): Promise<void> {
    const user = userId
    if (!place || !user) return
    const all = await (await place).all(user)
    if (user === userId) kept.value = all
  }

  const connected = () => useConnection().state === 'live'

  function changed(): void {
    void reload()
    tell()
  }

  /** Tells the other tabs. They send only what this one cannot: without web locks each would send the same. */
  function tell(): void {
    channel?.postMessage(connected() ? 'changed' : 'unsent')
  }

  /** Sends what waits if the connection is there; else it is sent when it is. */
  function drain(): void {
    if (connected()) void sender?.drain()
  }

  async function post(entry: Entry): Promise<Reply> {
    const { class_id, thread_id, content, client_id, reply_to } = entry
    const files = entry.files?.map((file) => file.id)
    const answer = await useConnection().ask({ action: 'send', class_id, thread_id, content, client_id, reply_to, files })
    if (answer.op === 'send' && answer.message) useMessages().took(answer.message)
    return answer
  }

  async function send(classId: number, threadId: number, content: string, replyTo?: number, files: readonly ClassFile[] = []): Promise<void> {
    const draft: Draft = {
      user_id: userId,
      class_id: classId,
      thread_id: threadId,
      client_id: clientId(),
      content,
      reply_to: replyTo,
      ...(files.length && { files }),
      written_at: new Date().toISOString(),
      state: 'waiting',
    }
    fresh.value = [...fresh.value, draft]
    if (!place) return
    await (await place).add(draft)
    await reload()
    fresh.value = fresh.value.filter((other) => other !== draft)
    tell()
    drain()
  }

  async function retry(entry: Entry): Promise<void> {
    if (!place) return
    await (await place).put({ ...entry, state: 'waiting', code: undefined, detail: undefined })
    changed()
    drain()
  }

  /**
   * Sends the words of an entry whose files are gone, in its place. They are
   * another message, so the id is another; it is made from the old one, so that
   * they are stored once also where two tabs do this.
   */
  const sendWords = (entry: Entry) => retry({ ...entry, client_id: `${entry.client_id}-words`, files: undefined })

  async function discard(entry: Entry): Promise<void> {
    if (!place) return
    await (await place).remove(entry)
    changed()
  }

  return { entries, waiting, of, start, stop, drain, send, retry, sendWords, discard }
})

/** Web locks exist in secure contexts only; without them two tabs may do the same work twice, to the same end. */
async function alone(user: number, work: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request(`homeroom.outbox.${user}`, work)
  else await work()
}
