import type { ClassFile } from '@/api/nouns'
import type { EventFrame } from '@/live/frames'

/** Whose files a list holds: a class's, or those of one of its threads. */
export interface Shelf {
  readonly classId: number
  readonly threadId?: number
}

/** What an event makes of a list of sent files, the newest first. Gives back its argument when nothing changes. */
export function applyFiled(files: readonly ClassFile[], shelf: Shelf, event: EventFrame): readonly ClassFile[] {
  if (event.class_id !== shelf.classId) return files
  switch (event.type) {
    case 'message.created': {
      const { thread_id, deleted_at } = event.data
      if (deleted_at || (shelf.threadId !== undefined && shelf.threadId !== thread_id)) return files
      const known = new Set(files.map((file) => file.id))
      const fresh = event.data.files.filter((file) => !known.has(file.id))
      return fresh.length ? [...fresh, ...files].sort(newer) : files
    }
    case 'message.deleted':
      return without(files, (file) => file.message_id === event.data.id)
    case 'thread.deleted':
      return without(files, (file) => file.thread_id === event.data.id)
    case 'class.deleted':
      return files.length ? [] : files
    case 'message.edited':
    case 'reaction.added':
    case 'reaction.removed':
    case 'thread.created':
    case 'thread.changed':
    case 'member.joined':
    case 'member.changed':
    case 'member.left':
    case 'class.changed':
    case 'code.created':
    case 'code.changed':
    case 'hidden':
      return files
    default:
      return (event satisfies never, files)
  }
}

/** As the server has them. */
export const newer = (a: ClassFile, b: ClassFile) => b.id - a.id

function without(files: readonly ClassFile[], is: (file: ClassFile) => boolean): readonly ClassFile[] {
  return files.some(is) ? files.filter((file) => !is(file)) : files
}
