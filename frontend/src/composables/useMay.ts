import { computed, type ComputedRef } from 'vue'
import type { Message } from '@/api/nouns'
import { useClasses } from '@/stores/classes'
import { useMembers } from '@/stores/members'
import { useSession } from '@/stores/session'
import { useThreads } from '@/stores/threads'
import { useClock } from './useClock'

/** Why one cannot write in a thread. */
export type Bar = { why: 'archived' | 'thread-archived' | 'locked' } | { why: 'muted'; until: string }

export interface May {
  staff: ComputedRef<boolean>
  openThreads: ComputedRef<boolean>
  bar: ComputedRef<Bar | undefined>
  react: ComputedRef<boolean>
  edit(message: Message): boolean
  remove(message: Message): boolean
  /** Also who cannot write, and what is deleted: whoever takes back at once what hurt can still be reported. */
  report(message: Message): boolean
}

/** What the reader may do in a class and one of its threads; the server has the last word. */
export function useMay(classId: () => number | undefined, threadId: () => number | undefined = () => undefined): May {
  const classes = useClasses()
  const threads = useThreads()
  const members = useMembers()
  const session = useSession()
  const { now } = useClock()

  const one = computed(() => classes.get(classId()))
  const thread = computed(() => threads.get(classId(), threadId()))
  const staff = computed(() => classes.staffIn(classId()))
  const openThreads = computed(() => !one.value?.archived_at && (staff.value || one.value?.students_open_threads === true))

  const bar = computed<Bar | undefined>(() => {
    if (one.value?.archived_at) return { why: 'archived' }
    if (thread.value?.archived_at) return { why: 'thread-archived' }
    if (thread.value?.locked_at && !staff.value) return { why: 'locked' }
    const until = members.me(classId())?.muted_until
    if (until && Date.parse(until) > now.value) return { why: 'muted', until }
    return undefined
  })
  const react = computed(() => bar.value === undefined)

  const mine = (message: Message) => message.speaker_id === session.user?.id
  return {
    staff,
    openThreads,
    bar,
    react,
    edit: (message) => mine(message) && !message.deleted_at && bar.value === undefined,
    report: (message) => !mine(message),
    remove: (message) => !message.deleted_at && !one.value?.archived_at && (staff.value || (mine(message) && bar.value === undefined)),
  }
}
