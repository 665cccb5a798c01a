import { isPicture, type ClassFile } from '@/api/nouns'

export type Kind = 'picture' | 'document' | 'sheet' | 'slides' | 'archive'

type Named = Pick<ClassFile, 'name' | 'media_type'>

const kinds: readonly [RegExp, Kind][] = [
  [/\.(?:xlsx?|ods|csv)$/i, 'sheet'],
  [/\.(?:pptx?|odp)$/i, 'slides'],
  [/\.zip$/i, 'archive'],
]

/** What a file is to who looks for it in a list. */
export const kindOf = (file: Named): Kind => (isPicture(file) ? 'picture' : (kinds.find(([pattern]) => pattern.test(file.name))?.[1] ?? 'document'))

const at = (file: Pick<ClassFile, 'class_id' | 'id'>) => `/api/v1/classes/${file.class_id}/files/${file.id}`
export const contentOf = (file: Pick<ClassFile, 'class_id' | 'id'>) => `${at(file)}/content`
export const previewOf = (file: Pick<ClassFile, 'class_id' | 'id'>) => `${at(file)}/preview`

const widest = 400
const highest = 300
// Thinner than this it could not be seen, or hit.
const thinnest = 48

/** The room that one picture takes in a conversation, known before a byte of it is here. */
export function box({ width = widest, height = highest }: Pick<ClassFile, 'width' | 'height'>): { width: number; height: number } {
  const scale = Math.min(1, widest / width, highest / height)
  const side = (length: number, most: number) => Math.min(most, Math.max(thinnest, Math.round(length * scale)))
  return { width: side(width, widest), height: side(height, highest) }
}

/** How many pictures stand in each row, so that every row is full. */
export function grid(n: number): number[] {
  if (n <= 3) return n > 0 ? [n] : []
  const most = Math.ceil(n / Math.ceil(n / (n > 9 ? 4 : 3)))
  const rows = Math.ceil(n / most)
  // The shorter rows, whose pictures are larger, come first.
  const short = rows * most - n
  return Array.from({ length: rows }, (_, row) => (row < short ? most - 1 : most))
}

/** A name in two, of which the second must stay whole: how it ends tells what it is. */
export function cut(name: string): [string, string] {
  const characters = [...name]
  if (characters.length <= 16) return [name, '']
  const end = Math.max(characters.length - 10, 0)
  return [characters.slice(0, end).join(''), characters.slice(end).join('')]
}
