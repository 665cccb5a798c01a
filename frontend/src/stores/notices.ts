import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { facts, keyOf, type Push } from '@/text/push'

/** One push, or all that one task pushed. */
export interface Notice {
  key: string
  task: string
  text: string
  percent?: number
  at: string
  /** The reader has dismissed it, or opened the list since. */
  seen: boolean
  /** It is in the list only, and no longer stands in the page. */
  away: boolean
}

type Word = { user: number } & ({ say: 'push'; push: Push } | { say: 'away'; key: string } | { say: 'seen' } | { say: 'clear' })

export const mostNotices = 50
const mostIds = 500
/** How long a task that has come to its end is still shown. */
export const endShown = 3000

const shelf = (userId: number) => `homeroom.notices.${userId}`
export const isDone = (notice: Notice) => notice.percent !== undefined && notice.percent >= 100

/** What other systems tell the reader: newest first, for as long as the tab is open. */
export const useNotices = defineStore('notices', () => {
  const list = shallowRef<readonly Notice[]>([])
  const open = ref(false)
  /** What is read aloud: what came last, and what was done last. */
  const heard = shallowRef<Notice>()
  let ids: string[] = []
  let userId = 0
  // The reader's other tabs: what is dismissed in one is dismissed in all, and
  // what was kept for the first to connect comes to every one.
  let tabs: BroadcastChannel | undefined

  const shown = computed(() => list.value.filter((notice) => !notice.away))
  const unseen = computed(() => list.value.filter((notice) => !notice.seen).length)
  const ofTask = (task: string) => list.value.find((notice) => notice.task === task)

  function start(id: number): void {
    userId = id
    restore()
    if (typeof BroadcastChannel === 'undefined') return
    tabs = new BroadcastChannel('homeroom.notices')
    tabs.onmessage = (message: MessageEvent<Word>) => {
      if (message.data.user === userId) told(message.data)
    }
  }

  function told(word: Word): void {
    switch (word.say) {
      case 'push':
        apply(word.push)
        return
      case 'away':
        put(word.key, { away: true, seen: true })
        return
      case 'seen':
        list.value = list.value.map((notice) => ({ ...notice, seen: true }))
        return
      case 'clear':
        list.value = []
        return
      default:
        word satisfies never
    }
  }

  function take(push: Push): void {
    if (apply(push)) tabs?.postMessage({ user: userId, say: 'push', push: structuredClone(push) } satisfies Word)
  }

  /** False for what was here before: the same id is the same push. */
  function apply(push: Push): boolean {
    if (ids.includes(push.id)) return false
    ids = [...ids.slice(1 - mostIds), push.id]
    const key = keyOf(push)
    const before = list.value.find((notice) => notice.key === key)
    // Another tab may be ahead of this one. That a task is done is never late.
    if (before && push.at < before.at && (push.percent ?? 0) < 100) return true
    const again = before !== undefined && isDone(before) && (push.percent ?? 100) < 100
    const moved = before !== undefined && push.percent !== undefined && !again
    const notice: Notice = {
      key,
      task: push.task ?? '',
      text: push.content || facts(push) || (moved ? before.text : ''),
      percent: push.percent ?? before?.percent,
      at: push.at,
      // A bar that only moves on is nothing new, and stays where it was put.
      seen: moved ? before.seen : open.value,
      away: moved ? before.away : false,
    }
    list.value = moved ? list.value.map((one) => (one.key === key ? notice : one)) : [notice, ...list.value.filter((one) => one.key !== key)].slice(0, mostNotices)
    if (!moved || isDone(notice)) heard.value = notice
    if (isDone(notice) && !notice.away) setTimeout(() => end(key), endShown)
    return true
  }

  function end(key: string): void {
    const notice = list.value.find((one) => one.key === key)
    if (notice && isDone(notice)) put(key, { away: true })
  }

  function put(key: string, change: Partial<Notice>): void {
    list.value = list.value.map((notice) => (notice.key === key ? { ...notice, ...change } : notice))
  }

  function dismiss(key: string): void {
    told({ user: userId, say: 'away', key })
    tabs?.postMessage({ user: userId, say: 'away', key } satisfies Word)
  }

  /** Leaves the page without having been seen: the list still counts it. */
  const putAway = (key: string) => put(key, { away: true })

  /** Opening the list is seeing all of it. */
  function look(): void {
    open.value = true
    told({ user: userId, say: 'seen' })
    tabs?.postMessage({ user: userId, say: 'seen' } satisfies Word)
  }

  function empty(): void {
    told({ user: userId, say: 'clear' })
    tabs?.postMessage({ user: userId, say: 'clear' } satisfies Word)
  }

  /** Keeps the list for a reload of this tab. */
  function keep(): void {
    try {
      sessionStorage.setItem(shelf(userId), JSON.stringify({ list: list.value, ids }))
    } catch {
      // Too much for the storage: then the list is empty after a reload.
    }
  }

  function restore(): void {
    const text = sessionStorage.getItem(shelf(userId))
    if (!text) return
    const kept = JSON.parse(text) as { list: Notice[]; ids: string[] }
    ids = kept.ids
    list.value = kept.list.map((notice) => (isDone(notice) ? { ...notice, away: true } : notice))
  }

  /** For the next who signs in there is nothing left. */
  function clear(): void {
    tabs?.close()
    tabs = undefined
    if (userId) sessionStorage.removeItem(shelf(userId))
    userId = 0
    ids = []
    list.value = []
    heard.value = undefined
    open.value = false
  }

  return { list, open, heard, shown, unseen, ofTask, start, take, dismiss, putAway, look, empty, keep, clear }
})
