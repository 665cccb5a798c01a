import { all, server, take } from './client'

/** Where a page of messages lies; nothing means the newest. */
export interface Place {
  before?: number
  after?: number
  around?: number
}

const ofThread = (class_id: number, thread_id: number) => ({ path: { class_id, thread_id } })
const one = (class_id: number, thread_id: number, message_id: number) => ({ path: { class_id, thread_id, message_id } })

export const page = (classId: number, threadId: number, place: Place = {}, limit = 50, signal?: AbortSignal) =>
  take(server.GET('/classes/{class_id}/threads/{thread_id}/messages', { params: { ...ofThread(classId, threadId), query: { ...place, limit } }, signal }))

export const get = (classId: number, threadId: number, id: number) =>
  take(server.GET('/classes/{class_id}/threads/{thread_id}/messages/{message_id}', { params: one(classId, threadId, id) }))

export const edit = (classId: number, threadId: number, id: number, content: string) =>
  take(server.PATCH('/classes/{class_id}/threads/{thread_id}/messages/{message_id}', { params: one(classId, threadId, id), body: { content } }))

export const remove = (classId: number, threadId: number, id: number) =>
  take(server.DELETE('/classes/{class_id}/threads/{thread_id}/messages/{message_id}', { params: one(classId, threadId, id) }))

export const versions = (classId: number, threadId: number, id: number) =>
  all((cursor) =>
    take(
      server.GET('/classes/{class_id}/threads/{thread_id}/messages/{message_id}/versions', {
        params: { ...one(classId, threadId, id), query: { cursor, limit: 100 } },
      }),
    ),
  )

const reaction = (class_id: number, thread_id: number, message_id: number, emoji: string) => ({ path: { class_id, thread_id, message_id, emoji } })

export const react = (classId: number, threadId: number, id: number, emoji: string) =>
  take(
    server.PUT('/classes/{class_id}/threads/{thread_id}/messages/{message_id}/reactions/{emoji}', { params: reaction(classId, threadId, id, emoji) }),
  )

export const unreact = (classId: number, threadId: number, id: number, emoji: string) =>
  take(
    server.DELETE('/classes/{class_id}/threads/{thread_id}/messages/{message_id}/reactions/{emoji}', { params: reaction(classId, threadId, id, emoji) }),
  )
