import { server, take } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

/** Which reports, and where a part of them begins. */
export interface Which {
  state: 'open' | 'resolved'
  cursor?: string
}

export const add = (class_id: number, thread_id: number, message_id: number, body: Schemas['NewReport']) =>
  take(server.POST('/classes/{class_id}/threads/{thread_id}/messages/{message_id}/reports', { params: { path: { class_id, thread_id, message_id } }, body }))

/** The reports of a class, or with nothing those of all; these for admins. */
export const list = (classId: number | undefined, query: Which) =>
  classId === undefined
    ? take(server.GET('/reports', { params: { query } }))
    : take(server.GET('/classes/{class_id}/reports', { params: { path: { class_id: classId }, query } }))

/** How many wait in all classes; for admins. */
export const count = () => take(server.GET('/reports/open'))

export const resolve = (class_id: number, report_id: number, body: Schemas['Resolution']) =>
  take(server.PATCH('/classes/{class_id}/reports/{report_id}', { params: { path: { class_id, report_id } }, body }))
