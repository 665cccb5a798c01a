import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/reports'
import type { Message, Report, ReportOutcome, ReportReason } from '@/api/nouns'
import { useClasses } from './classes'

/**
 * What is reported. The reports themselves are on the page that shows them and
 * nowhere else: they are not for whoever opens the browser next.
 */
export const useReports = defineStore('reports', () => {
  /** Changes whenever there is another report, or one was resolved. */
  const changes = shallowRef<{ classId: number }>()

  const add = (message: Message, reason: ReportReason, note: string) =>
    api.add(message.class_id, message.thread_id, message.id, { reason, ...(note && { note }) })

  async function resolve(report: Report, outcome: ReportOutcome): Promise<Report> {
    const resolved = await api.resolve(report.class_id, report.id, { outcome })
    changed(report.class_id)
    return resolved
  }

  function changed(classId: number): void {
    changes.value = { classId }
    if (useClasses().get(classId)) void useClasses().recountReports(classId)
  }

  const clear = () => (changes.value = undefined)

  return { changes, add, resolve, changed, clear, list: api.list }
})
