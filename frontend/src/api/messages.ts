import { request } from './client'
import type { Message, MessagePage, MessageVersion } from './nouns'

/** Where a page of messages lies; nothing means the newest. */
export interface Place {
  before?: number
  after?: number
  around?: number
}

const at = (classId: number, threadId: number, id?: number) =>
  `/classes/${classId}/threads/${threadId}/messages${id === undefined ? '' : `/${id}`}`

export const page = (classId: number, threadId: number, place: Place = {}, limit = 50, signal?: AbortSignal) =>
  request<MessagePage>('GET', at(classId, threadId), { query: { ...place, limit }, signal })

export const get = (classId: number, threadId: number, id: number) => request<Message>('GET', at(classId, threadId, id))

export const edit = (classId: number, threadId: number, id: number, content: string) =>
  request<Message>('PATCH', at(classId, threadId, id), { body: { content } })

export const remove = (classId: number, threadId: number, id: number) => request<Message | void>('DELETE', at(classId, threadId, id))

export const versions = (classId: number, threadId: number, id: number) =>
  request<{ items: MessageVersion[] }>('GET', `${at(classId, threadId, id)}/versions`)

export const react = (classId: number, threadId: number, id: number, emoji: string) =>
  request<Message>('PUT', `${at(classId, threadId, id)}/reactions/${encodeURIComponent(emoji)}`)

export const unreact = (classId: number, threadId: number, id: number, emoji: string) =>
  request<Message>('DELETE', `${at(classId, threadId, id)}/reactions/${encodeURIComponent(emoji)}`)
