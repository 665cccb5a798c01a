import { all, done, server, take } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

const ofClass = (class_id: number) => ({ path: { class_id } })
const one = (class_id: number, user_id: number) => ({ path: { class_id, user_id } })

export const list = (classId: number, query: { query?: string } = {}) =>
  all((cursor) => take(server.GET('/classes/{class_id}/members', { params: { ...ofClass(classId), query: { ...query, cursor, limit: 100 } } })))

export const add = (classId: number, body: Schemas['NewMember']) => take(server.POST('/classes/{class_id}/members', { params: ofClass(classId), body }))

export const change = (classId: number, userId: number, body: Schemas['MemberChange']) =>
  take(server.PATCH('/classes/{class_id}/members/{user_id}', { params: one(classId, userId), body }))

/** Takes a member out; with one's own id: leaves. */
export const remove = (classId: number, userId: number) => done(server.DELETE('/classes/{class_id}/members/{user_id}', { params: one(classId, userId) }))

export const codes = (classId: number) => take(server.GET('/classes/{class_id}/codes', { params: { ...ofClass(classId), query: { limit: 100 } } }))

export const addCode = (classId: number, body: Schemas['NewCode']) => take(server.POST('/classes/{class_id}/codes', { params: ofClass(classId), body }))

export const revokeCode = (class_id: number, code_id: number) =>
  done(server.DELETE('/classes/{class_id}/codes/{code_id}', { params: { path: { class_id, code_id } } }))
