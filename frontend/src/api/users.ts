import { request } from './client'
import type { AuditEntry, Part, Person, ServerRole, User } from './nouns'

/** Users by name; a teacher gets only id, name, role and hue of each. */
export const list = (query: { query?: string; cursor?: string; limit?: number } = {}) => request<Part<Person>>('GET', '/users', { query })

/** Makes an account; `password` is in the answer when the server chose it. */
export const add = (body: { name: string; role: ServerRole; password?: string; email?: string }) =>
  request<{ user: User; password?: string }>('POST', '/users', { body })

export const get = (id: number) => request<Person>('GET', `/users/${id}`)

export const change = (id: number, body: { role?: ServerRole; disabled?: boolean; name?: string; email?: string }) =>
  request<User>('PATCH', `/users/${id}`, { body })

/** Gives a new password and ends all of the user's sessions. */
export const reset = (id: number) => request<{ password: string }>('POST', `/users/${id}/reset`)

export const audit = (query: { cursor?: string; limit?: number } = {}) => request<Part<AuditEntry>>('GET', '/audit', { query })
