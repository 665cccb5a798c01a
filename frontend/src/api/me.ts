import { done, server, take } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

export const change = (body: Schemas['Profile']) => take(server.PATCH('/me', { body }))

/** Everything that is kept of oneself, as a document. */
export const exported = () => take<Blob>(server.GET('/me/export', { parseAs: 'blob' }))

export const changePassword = (body: Schemas['NewPassword']) => done(server.PUT('/me/password', { body }))

export const tokens = () => take(server.GET('/me/tokens'))

/** Makes a token; its secret is in this answer and nowhere else. */
export const addToken = (body: Schemas['NewToken']) => take(server.POST('/me/tokens', { body }))

export const removeToken = (token_id: number) => done(server.DELETE('/me/tokens/{token_id}', { params: { path: { token_id } } }))
