import { request } from './client'
import type { Scope, Token, User } from './nouns'

export const change = (body: Partial<Pick<User, 'name' | 'hue' | 'locale' | 'email'>>) => request<User>('PATCH', '/me', { body })

export const changePassword = (body: { current: string; new: string }) => request<void>('PUT', '/me/password', { body })

export const tokens = () => request<{ items: Token[] }>('GET', '/me/tokens')

/** Makes a token; its secret is in this answer and nowhere else. */
export const addToken = (body: { name: string; scopes?: Scope[]; class_ids?: number[]; expires_at?: string }) =>
  request<Token>('POST', '/me/tokens', { body })

export const removeToken = (id: number) => request<void>('DELETE', `/me/tokens/${id}`)
