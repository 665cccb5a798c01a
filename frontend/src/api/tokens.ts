import { done, server, take } from './client'

/** Everybody's tokens, for admins. */
export const list = (query: { cursor?: string; limit?: number } = {}) => take(server.GET('/tokens', { params: { query } }))

export const revoke = (token_id: number) => done(server.DELETE('/tokens/{token_id}', { params: { path: { token_id } } }))
