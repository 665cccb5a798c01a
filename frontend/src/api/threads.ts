import { all, done, server, take } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

const ofClass = (class_id: number) => ({ path: { class_id } })
const one = (class_id: number, thread_id: number) => ({ path: { class_id, thread_id } })

export const list = (classId: number, query: { archived?: boolean } = {}) =>
  all((cursor) => take(server.GET('/classes/{class_id}/threads', { params: { ...ofClass(classId), query: { ...query, cursor, limit: 100 } } })))

export const get = (classId: number, id: number) => take(server.GET('/classes/{class_id}/threads/{thread_id}', { params: one(classId, id) }))

export const add = (classId: number, body: Schemas['NewThread']) => take(server.POST('/classes/{class_id}/threads', { params: ofClass(classId), body }))

export const change = (classId: number, id: number, body: Schemas['ThreadChange']) =>
  take(server.PATCH('/classes/{class_id}/threads/{thread_id}', { params: one(classId, id), body }))

export const remove = (classId: number, id: number) => done(server.DELETE('/classes/{class_id}/threads/{thread_id}', { params: one(classId, id) }))

export const pin = (classId: number, id: number, message_id: number) =>
  take(server.PUT('/classes/{class_id}/threads/{thread_id}/pin', { params: one(classId, id), body: { message_id } }))

export const unpin = (classId: number, id: number) => take(server.DELETE('/classes/{class_id}/threads/{thread_id}/pin', { params: one(classId, id) }))

export const read = (classId: number, id: number, seq: number) =>
  take(server.PUT('/classes/{class_id}/threads/{thread_id}/read', { params: one(classId, id), body: { seq } }))
