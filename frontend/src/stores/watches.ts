import { defineStore } from 'pinia'
import { ref } from 'vue'
import { Fault } from '@/api/fault'
import { useConnection } from './connection'

/** How many tasks the reader may watch. The server takes 50 of a connection. */
export const mostWatched = 20

const shelf = (userId: number) => `homeroom.watches.${userId}`

/** Tasks that are no user's, and whose pushes come all the same. */
export const useWatches = defineStore('watches', () => {
  const connection = useConnection()
  /** Those that the reader chose, in that order. */
  const chosen = ref<string[]>([])
  const held = new Map<string, number>()
  // What the present connection was told.
  let told = new Set<string>()
  let userId = 0

  function start(id: number): void {
    userId = id
    chosen.value = JSON.parse(sessionStorage.getItem(shelf(id)) ?? '[]') as string[]
    for (const task of chosen.value) void hold(task).catch(() => {})
  }

  /** Throws a Fault where the server does not want it. Offline it waits for the connection. */
  async function say(task: string): Promise<void> {
    if (told.has(task) || connection.state !== 'live') return
    told.add(task)
    const answer = await connection.ask({ action: 'watch', task }).catch(() => undefined)
    if (answer && !answer.status) {
      told.delete(task)
      throw new Fault({ code: answer.code, detail: answer.detail, retry_after: answer.retry_after })
    }
  }

  /** Watches for as long as nobody lets go; several may hold the same task. */
  function hold(task: string): Promise<void> {
    held.set(task, (held.get(task) ?? 0) + 1)
    return say(task)
  }

  function release(task: string): void {
    const left = (held.get(task) ?? 0) - 1
    if (left > 0) {
      held.set(task, left)
      return
    }
    held.delete(task)
    if (told.delete(task)) connection.tell({ action: 'unwatch', task })
  }

  async function add(task: string): Promise<void> {
    try {
      await hold(task)
    } catch (thrown) {
      release(task)
      throw thrown
    }
    chosen.value = [...chosen.value, task]
    keep()
  }

  function remove(task: string): void {
    chosen.value = chosen.value.filter((one) => one !== task)
    release(task)
    keep()
  }

  function keep(): void {
    sessionStorage.setItem(shelf(userId), JSON.stringify(chosen.value))
  }

  /** The server has forgotten what the last connection watched. */
  const lost = () => (told = new Set())

  function renew(): void {
    for (const task of held.keys()) void say(task).catch(() => {})
  }

  function clear(): void {
    if (userId) sessionStorage.removeItem(shelf(userId))
    userId = 0
    chosen.value = []
    held.clear()
    lost()
  }

  return { chosen, start, hold, release, add, remove, renew, lost, clear }
})
