import { done, server, take } from './client'

export const state = () => take(server.GET('/me/second-factor'))

/** Makes a secret; it counts once `confirm` has a code of it. `code` is of the one that it is to replace. */
export const begin = (password: string, code?: string) => take(server.POST('/me/second-factor', { body: { password, code } }))

/** Answers with recovery codes, this once. */
export const confirm = (code: string) => take(server.POST('/me/second-factor/confirm', { body: { code } }))

export const newCodes = (password: string, code: string) => take(server.POST('/me/second-factor/recovery-codes', { body: { password, code } }))

export const remove = (password: string, code: string) => done(server.POST('/me/second-factor/remove', { body: { password, code } }))
