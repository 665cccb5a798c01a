import { done, server, take } from './client'

const ofClass = (class_id: number) => ({ path: { class_id } })
const one = (class_id: number, file_id: number) => ({ path: { class_id, file_id } })

/** The files that were sent in a class, or in one of its threads; the newest first. */
export const page = (classId: number, query: { thread_id?: number; after?: string; limit?: number } = {}) =>
  take(server.GET('/classes/{class_id}/files', { params: { ...ofClass(classId), query } }))

export const begin = (classId: number, name: string, size: number, signal?: AbortSignal) =>
  take(server.POST('/classes/{class_id}/files', { params: ofClass(classId), body: { name, size }, signal }))

export const get = (classId: number, id: number, signal?: AbortSignal) =>
  take(server.GET('/classes/{class_id}/files/{file_id}', { params: one(classId, id), signal }))

/** Brings the bytes from `offset` on; the last of them has the file looked through before the answer. */
export const put = (classId: number, id: number, offset: number, part: ArrayBuffer, signal?: AbortSignal) =>
  take(
    server.PUT('/classes/{class_id}/files/{file_id}/content', {
      params: { ...one(classId, id), query: { offset } },
      // The document knows bytes as text.
      body: part as unknown as string,
      bodySerializer: (body: unknown) => body as BodyInit,
      headers: { 'Content-Type': 'application/octet-stream' },
      signal,
    }),
  )

export const remove = (classId: number, id: number) => done(server.DELETE('/classes/{class_id}/files/{file_id}', { params: one(classId, id) }))
