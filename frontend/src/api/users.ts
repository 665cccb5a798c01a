import { done, server, take } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

const at = (user_id: number) => ({ path: { user_id } })

/** Users by name; a teacher gets only id, name, role and hue of each. */
export const list = (query: { query?: string; cursor?: string; limit?: number } = {}) => take(server.GET('/users', { params: { query } }))

/** Makes an account; `password` is in the answer when the server chose it. */
export const add = (body: Schemas['NewUser']) => take(server.POST('/users', { body }))

export const get = (id: number) => take(server.GET('/users/{user_id}', { params: at(id) }))

export const change = (id: number, body: Schemas['UserChange']) => take(server.PATCH('/users/{user_id}', { params: at(id), body }))

/** Gives a new password and ends all of the user's sessions. */
export const reset = (id: number) => take(server.POST('/users/{user_id}/reset', { params: at(id) }))

/** Everything that is kept of a person, as a document. */
export const exported = (id: number) => take<Blob>(server.GET('/users/{user_id}/export', { params: at(id), parseAs: 'blob' }))

/** Makes the account a tombstone; what was said is emptied soon after, unless it is kept. */
export const erase = (id: number, body: Schemas['Erasure']) => take(server.POST('/users/{user_id}/erase', { params: at(id), body }))

/** Takes off the second factor of somebody who lost it and ends all of their sessions. */
export const takeOffFactor = (id: number) => done(server.DELETE('/users/{user_id}/second-factor', { params: at(id) }))

export const audit = (query: { cursor?: string; limit?: number } = {}) => take(server.GET('/audit', { params: { query } }))
