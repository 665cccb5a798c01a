import { request } from './client'
import type { Part, Token } from './nouns'

/** Everybody's tokens, for admins. */
export const list = (query: { cursor?: string; limit?: number } = {}) => request<Part<Token>>('GET', '/tokens', { query })

export const revoke = (id: number) => request<void>('DELETE', `/tokens/${id}`)
