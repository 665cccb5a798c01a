import { all, done, server, take } from './client'
import type { components } from './schema'

export type ClassChange = components['schemas']['ClassChange']

const at = (class_id: number) => ({ path: { class_id } })

export const list = (query: { archived?: boolean } = {}) => all((cursor) => take(server.GET('/classes', { params: { query: { ...query, cursor } } })))

/** Everybody's classes, archived or not; for admins. */
export const everybodys = () => all((cursor) => take(server.GET('/classes', { params: { query: { all: true, cursor, limit: 100 } } })))

export const get = (id: number) => take(server.GET('/classes/{class_id}', { params: at(id) }))

export const add = (body: components['schemas']['NewClass']) => take(server.POST('/classes', { body }))

export const change = (id: number, body: ClassChange) => take(server.PATCH('/classes/{class_id}', { params: at(id), body }))

export const remove = (id: number) => done(server.DELETE('/classes/{class_id}', { params: at(id) }))

export const join = (code: string) => take(server.POST('/join', { body: { code } }))
