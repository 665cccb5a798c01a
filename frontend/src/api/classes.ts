import { all, request } from './client'
import type { Class, Part } from './nouns'

export type ClassChange = Partial<Pick<Class, 'name' | 'description' | 'hue' | 'students_open_threads' | 'students_see_presence'>> & {
  archived?: boolean
}

export const list = (query: { archived?: boolean; cursor?: string } = {}) =>
  all((cursor) => request<Part<Class>>('GET', '/classes', { query: { ...query, cursor } }))

/** Everybody's classes, archived or not; for admins. */
export const everybodys = (query: { cursor?: string; limit?: number } = {}) =>
  request<Part<Class>>('GET', '/classes', { query: { ...query, all: true } })

export const get = (id: number) => request<Class>('GET', `/classes/${id}`)

export const add = (body: { name: string; description?: string; hue?: number }) => request<Class>('POST', '/classes', { body })

export const change = (id: number, body: ClassChange) => request<Class>('PATCH', `/classes/${id}`, { body })

export const remove = (id: number) => request<void>('DELETE', `/classes/${id}`)

export const join = (code: string) => request<Class>('POST', '/join', { body: { code } })
