import { all, request } from './client'
import type { JoinCode, Member, MemberRole, Part } from './nouns'

export const list = (classId: number, query: { query?: string } = {}) =>
  all((cursor) => request<Part<Member>>('GET', `/classes/${classId}/members`, { query: { ...query, cursor, limit: 100 } }))

export const add = (classId: number, body: { user_id?: number; name?: string; role: MemberRole }) =>
  request<Member>('POST', `/classes/${classId}/members`, { body })

export const change = (classId: number, userId: number, body: { role?: MemberRole; muted_until?: string; unmute?: boolean }) =>
  request<Member>('PATCH', `/classes/${classId}/members/${userId}`, { body })

/** Takes a member out; with one's own id: leaves. */
export const remove = (classId: number, userId: number) => request<void>('DELETE', `/classes/${classId}/members/${userId}`)

export const codes = (classId: number) => request<Part<JoinCode>>('GET', `/classes/${classId}/codes`, { query: { limit: 100 } })

export const addCode = (classId: number, body: { role: JoinCode['role']; expires_in_hours?: number; max_uses?: number }) =>
  request<JoinCode>('POST', `/classes/${classId}/codes`, { body })

export const revokeCode = (classId: number, id: number) => request<void>('DELETE', `/classes/${classId}/codes/${id}`)
