import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/reports'
import { isManager, type Message, type Report, type ReportOutcome, type ReportReason } from '@/api/nouns'
import { useClasses } from './classes'

/**
 * What is reported. The reports themselves are on the page that shows them and
 * nowhere else: they are not for whoever opens the browser next.
 */
export const useReports = defineStore('reports', () => {
  /** Changes whenever there is another report, or one was resolved; without a class, where that may have been missed. */
  const changes = shallowRef<{ classId?: number }>()
  /** How many wait in all classes, for admins. */
  const waiting = shallowRef(0)

  const add = (message: Message, reason: ReportReason, note: string) =>
    api.add(message.class_id, message.thread_id, message.id, { reason, ...(note && { note }) })

  async function resolve(report: Report, outcome: ReportOutcome): Promise<Report> {
    const resolved = await api.resolve(report.class_id, report.id, { outcome })
    changed(report.class_id)
    return resolved
  }

  function changed(classId?: number): void {
    changes.value = { classId }
    const classes = useClasses()
    if (classId === undefined ? classes.list.some((one) => isManager(one.role)) : classes.get(classId)) void classes.recountReports(classId)
  }

  async function count(): Promise<void> {
    const counted = await api.count().catch(() => undefined)
    if (counted) waiting.value = counted.open
  }

  function clear(): void {
    changes.value = undefined
    waiting.value = 0
  }

  return { changes, waiting, add, resolve, changed, count, clear, list: api.list }
})
