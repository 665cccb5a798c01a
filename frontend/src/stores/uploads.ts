import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { Fault, faultOf, unreachable } from '@/api/fault'
import * as api from '@/api/files'
import type { ClassFile } from '@/api/nouns'
import { gone, unreadable, upload } from '@/upload/upload'
import { useConnection } from './connection'
import { useDrafts } from './drafts'
import { clearedWithAll, toldWithAll } from './pages'
import { useSession } from './session'

/** A file that is to go with the next message of a thread. */
export interface Upload {
  readonly key: number
  readonly class_id: number
  readonly name: string
  readonly size: number
  /** What the server has of it. */
  readonly received: number
  readonly state: 'waiting' | 'sending' | 'held' | 'ready' | 'refused'
  readonly file?: ClassFile
  /** Why it was refused, or has to wait. */
  readonly fault?: Fault
  /** The browser no longer has the file itself after a reload. */
  readonly source?: File
}

/** How many files a message takes, unless the server says otherwise. */
const most = 10
const partBytes = 256 * 1024
// Two at a time: a long one does not hold up the others.
const lanes = 2
const answerMs = 120_000
// Pictures of one's own that are shown from memory, so that they are there at once.
const localsKept = 40
const shownByBrowsers = /^image\/(?:png|jpeg|gif|webp)$/

/** What is on its way to the server, and what is ready, per thread. */
export const useUploads = defineStore('uploads', () => {
  const byThread = shallowReactive(new Map<number, readonly Upload[]>())
  const locals = shallowReactive(new Map<number, string>())
  const stops = new Map<number, AbortController>()
  const restored = new Set<number>()
  const queue: (() => void)[] = []
  let running = 0
  let last = 0

  const mostFiles = () => useSession().info?.limits.files ?? most
  const mostBytes = () => useSession().info?.limits.file_bytes
  const of = (threadId: number): readonly Upload[] => byThread.get(threadId) ?? []

  function set(threadId: number, uploads: readonly Upload[]): void {
    byThread.set(threadId, uploads)
    useDrafts().setFiles(
      threadId,
      uploads.flatMap((one) => (one.state === 'ready' && one.file ? [one.file] : [])),
    )
  }

  function change(threadId: number, key: number, by: Partial<Upload>): void {
    const uploads = of(threadId)
    if (uploads.some((one) => one.key === key)) set(threadId, uploads.map((one) => (one.key === key ? { ...one, ...by } : one)))
  }

  /** Takes files for the next message of a thread; gives back how many are too many. */
  function add(classId: number, threadId: number, sources: readonly File[]): number {
    restore(threadId)
    const room = Math.max(0, mostFiles() - of(threadId).length)
    for (const source of sources.slice(0, room)) {
      const one: Upload = { key: ++last, class_id: classId, name: source.name, size: source.size, received: 0, state: 'waiting', source }
      set(threadId, [...of(threadId), one])
      void bring(threadId, one)
    }
    return Math.max(0, sources.length - room)
  }

  async function bring(threadId: number, one: Upload): Promise<void> {
    const { key, class_id, source } = one
    if (!source) return
    const stop = new AbortController()
    const { signal } = stop
    stops.set(key, stop)
    try {
      await lane(signal)
      const limit = mostBytes()
      if (limit !== undefined && source.size > limit) throw new Fault({ code: 134 })
      let id: number | undefined
      try {
        change(threadId, key, { state: 'sending' })
        const file = await upload({
          async begin() {
            const begun = await timed(signal, (inner) => api.begin(class_id, source.name, source.size, inner))
            id = begun.id
            return begun
          },
          state: (known) => timed(signal, (inner) => api.get(class_id, known, inner)),
          async put(known, offset) {
            const part = await read(source, offset)
            return timed(signal, (inner) => api.put(class_id, known, offset, part, inner))
          },
          pause: (ms) => pause(ms, signal),
          told: (received, fault) => change(threadId, key, { received, fault, state: fault ? 'held' : 'sending' }),
        })
        if (signal.aborted) throw new Fault({ code: gone })
        if (shownByBrowsers.test(source.type) && file.media_type.startsWith('image/')) show(file.id, source)
        change(threadId, key, { state: 'ready', file, received: file.size, size: file.size, name: file.name })
      } catch (thrown) {
        // Nobody waits for it any more.
        if (signal.aborted && id !== undefined) void api.remove(class_id, id).catch(() => {})
        throw thrown
      } finally {
        free()
      }
    } catch (thrown) {
      if (!signal.aborted) change(threadId, key, { state: 'refused', fault: faultOf(thrown) })
    } finally {
      stops.delete(key)
    }
  }

  async function lane(signal: AbortSignal): Promise<void> {
    if (running < lanes) running++
    // Who frees a lane hands it on.
    else await new Promise<void>((resolve) => queue.push(resolve))
    if (!signal.aborted) return
    free()
    throw new Fault({ code: gone })
  }

  function free(): void {
    const next = queue.shift()
    if (next) next()
    else running--
  }

  function show(id: number, source: Blob): void {
    locals.set(id, URL.createObjectURL(source))
    for (const old of [...locals.keys()].slice(0, -localsKept)) {
      URL.revokeObjectURL(locals.get(old) ?? '')
      locals.delete(old)
    }
  }

  function remove(threadId: number, key: number): void {
    const one = of(threadId).find((other) => other.key === key)
    if (!one) return
    set(threadId, of(threadId).filter((other) => other !== one))
    stops.get(key)?.abort()
    // Whatever is not taken back here the server forgets by itself.
    if (one.file && one.state === 'ready') void api.remove(one.class_id, one.file.id).catch(() => {})
  }

  function retry(threadId: number, key: number): void {
    const one = of(threadId).find((other) => other.key === key)
    if (!one || one.state !== 'refused') return
    const again: Upload = { ...one, state: 'waiting', received: 0, fault: undefined }
    change(threadId, key, again)
    void bring(threadId, again)
  }

  /** The files for a message that is written now; they are no longer the draft's. */
  function take(threadId: number): ClassFile[] {
    const files = of(threadId).flatMap((one) => (one.state === 'ready' && one.file ? [one.file] : []))
    set(threadId, [])
    return files
  }

  /** Brings back what the draft kept over a reload, and asks whether it is still there. */
  function restore(threadId: number): void {
    if (restored.has(threadId)) return
    restored.add(threadId)
    const known = new Set(of(threadId).map((one) => one.file?.id))
    for (const file of useDrafts().files(threadId)) {
      if (known.has(file.id)) continue
      const one: Upload = { key: ++last, class_id: file.class_id, name: file.name, size: file.size, received: file.size, state: 'ready', file }
      set(threadId, [...of(threadId), one])
      api.get(file.class_id, file.id).then(
        // Sent from another tab: it is no draft any more.
        (now) => now.message_id !== undefined && set(threadId, of(threadId).filter((other) => other.key !== one.key)),
        (thrown: unknown) => {
          const fault = faultOf(thrown)
          if (fault.code === 126 || fault.code === 108) change(threadId, one.key, { state: 'refused', fault: new Fault({ code: gone }) })
        },
      )
    }
  }

  function clear(): void {
    for (const stop of stops.values()) stop.abort()
    for (const url of locals.values()) URL.revokeObjectURL(url)
    byThread.clear()
    locals.clear()
    restored.clear()
  }

  // What is half there is lost with the page.
  window.addEventListener('beforeunload', (event) => {
    const pending = [...byThread.values()].flat().some((one) => one.state === 'waiting' || one.state === 'sending' || one.state === 'held')
    if (pending) event.preventDefault()
  })
  clearedWithAll(clear)
  toldWithAll((event) => {
    if (event?.type !== 'message.created' || !event.data.files.length) return
    // Another tab may have sent what is a draft here too.
    const sent = new Set(event.data.files.map((file) => file.id))
    for (const [threadId, uploads] of byThread) {
      if (uploads.some((one) => sent.has(one.file?.id ?? 0))) set(threadId, uploads.filter((one) => !sent.has(one.file?.id ?? 0)))
    }
  })
  return { byThread, locals, mostFiles, mostBytes, of, add, remove, retry, take, restore, clear }
})

/** What is read here is no fault of the network: a folder, or a file that has gone from the disk. */
async function read(source: File, offset: number): Promise<ArrayBuffer> {
  try {
    return await source.slice(offset, offset + partBytes).arrayBuffer()
  } catch {
    throw new Fault({ code: unreadable })
  }
}

/** A network that goes without a word would be waited for without an end. */
async function timed<T>(signal: AbortSignal, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (signal.aborted) throw new Fault({ code: gone })
  const inner = new AbortController()
  const stop = () => inner.abort()
  const timer = setTimeout(stop, answerMs)
  signal.addEventListener('abort', stop)
  try {
    return await call(inner.signal)
  } catch (thrown) {
    throw signal.aborted ? new Fault({ code: gone }) : inner.signal.aborted ? new Fault({ code: unreachable }) : thrown
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** Over sooner when the network is back, or nobody waits any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer)
      window.removeEventListener('online', over)
      signal.removeEventListener('abort', over)
      unheard()
      resolve()
    }
    const timer = setTimeout(over, ms)
    window.addEventListener('online', over)
    signal.addEventListener('abort', over)
    const connection = useConnection()
    const unheard = connection.$subscribe(() => {
      if (connection.state === 'live') over()
    })
  })
}
