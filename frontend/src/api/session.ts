import { request } from './client'
import type { Class, Info, Session, SignedIn } from './nouns'

export const info = () => request<Info>('GET', '/info')

export const setUp = (body: { token: string; name: string; password: string }) => request<SignedIn>('POST', '/setup', { body })

export const signUp = (body: { code: string; name: string; password: string; my_device: boolean }) =>
  request<SignedIn & { class: Class }>('POST', '/sign-up', { body })

export const signIn = (body: { name: string; password: string; my_device: boolean }) => request<SignedIn>('POST', '/session', { body })

export const current = () => request<SignedIn>('GET', '/session')

export const signOut = () => request<void>('DELETE', '/session')

export const sessions = () => request<{ items: Session[] }>('GET', '/sessions')

export const endSession = (id: number) => request<void>('DELETE', `/sessions/${id}`)
