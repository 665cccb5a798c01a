import type { Class, Thread } from '@/api/nouns'
import type { Timeline } from '@/timeline/timeline'
import { useClasses } from './classes'
import { useMessages } from './messages'
import { useThreads } from './threads'

const messagesMost = 60

interface Snapshot {
  classes: Class[]
  threads: [number, Thread[]][]
  timelines: { classId: number; timeline: Timeline }[]
}

// The session storage is this tab's own and ends with it: enough for a reload
// without a network, and nothing is left on a shared computer. The number changes
// with the shape of a message: what an older page kept is of no use to this one.
const key = (userId: number) => `homeroom.snapshot.2.${userId}`

/** Keeps what is on the screen for a reload without a network. */
export function save(userId: number): void {
  const messages = useMessages()
  const threads = useThreads()
  const snapshot: Snapshot = {
    classes: useClasses().list,
    threads: [...threads.byClass.keys()].map((classId) => [classId, threads.list(classId)]),
    timelines: [...messages.timelines.values()]
      .filter((timeline) => !timeline.hasNewer)
      .map((timeline) => ({
        classId: messages.classOf.get(timeline.threadId) ?? 0,
        timeline: {
          ...timeline,
          messages: timeline.messages.slice(-messagesMost),
          hasOlder: timeline.hasOlder || timeline.messages.length > messagesMost,
        },
      })),
  }
  try {
    sessionStorage.setItem(key(userId), JSON.stringify(snapshot))
  } catch {
    // Too much for the storage: then a reload without a network shows less.
  }
}

/** Brings back what save kept; false without it. */
export function restore(userId: number): boolean {
  const text = sessionStorage.getItem(key(userId))
  if (!text) return false
  const snapshot = JSON.parse(text) as Snapshot
  useClasses().restore(snapshot.classes)
  for (const [classId, threads] of snapshot.threads) useThreads().restore(classId, threads)
  for (const { classId, timeline } of snapshot.timelines) useMessages().restore(classId, timeline)
  return true
}

export function discard(userId: number): void {
  sessionStorage.removeItem(key(userId))
}
