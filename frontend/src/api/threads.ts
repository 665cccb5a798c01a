import { all, request } from './client'
import type { Part, ReadMark, Thread } from './nouns'

const at = (classId: number, threadId?: number) => `/classes/${classId}/threads${threadId === undefined ? '' : `/${threadId}`}`

export const list = (classId: number, query: { archived?: boolean } = {}) =>
  all((cursor) => request<Part<Thread>>('GET', at(classId), { query: { ...query, cursor, limit: 100 } }))

export const get = (classId: number, id: number) => request<Thread>('GET', at(classId, id))

export const add = (classId: number, body: { name: string }) => request<Thread>('POST', at(classId), { body })

export const change = (classId: number, id: number, body: { name?: string; locked?: boolean; archived?: boolean }) =>
  request<Thread>('PATCH', at(classId, id), { body })

export const remove = (classId: number, id: number) => request<void>('DELETE', at(classId, id))

export const pin = (classId: number, id: number, messageId: number) =>
  request<Thread>('PUT', `${at(classId, id)}/pin`, { body: { message_id: messageId } })

export const unpin = (classId: number, id: number) => request<Thread>('DELETE', `${at(classId, id)}/pin`)

export const read = (classId: number, id: number, seq: number) => request<ReadMark>('PUT', `${at(classId, id)}/read`, { body: { seq } })
