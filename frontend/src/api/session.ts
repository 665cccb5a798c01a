import { done, server, take } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

export const info = () => take(server.GET('/info'))

export const setUp = (body: Schemas['FirstAdmin']) => take(server.POST('/setup', { body }))

export const signUp = (body: Schemas['SignUp']) => take(server.POST('/sign-up', { body }))

export const signIn = (body: Schemas['SignIn']) => take(server.POST('/session', { body }))

export const current = () => take(server.GET('/session'))

export const signOut = () => done(server.DELETE('/session'))

export const sessions = () => take(server.GET('/sessions'))

export const endSession = (session_id: number) => done(server.DELETE('/sessions/{session_id}', { params: { path: { session_id } } }))

/** Gives one's password once more, before what cannot be undone. */
export const confirm = (password: string) => done(server.POST('/session/confirm', { body: { password } }))
