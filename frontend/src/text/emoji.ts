/** The ones at hand; the first three are those that the original clients count. */
export const quick = ['👍', '❤️', '😂', '🎉', '🤔', '👀'] as const

export interface Emoji {
  emoji: string
  name: string
  tags: readonly string[]
  group: number
}

interface Raw {
  emoji: string
  annotation: string
  tags?: string[]
  group: number
  order: number
  version: number
}

// What older phones do not draw is not offered.
const newest = 14
const componentGroup = 2

/** All emoji with their names in the reader's language; loaded when first wanted. */
export async function all(locale: string): Promise<Emoji[]> {
  const raw = (
    locale === 'zh-CN'
      ? await import('emoji-picker-element-data/zh/emojibase/data.json')
      : await import('emoji-picker-element-data/en/emojibase/data.json')
  ).default as Raw[]
  return raw
    .filter((one) => one.version <= newest && one.group !== componentGroup)
    .sort((a, b) => a.order - b.order)
    .map(({ emoji, annotation, tags, group }) => ({ emoji, name: annotation, tags: tags ?? [], group }))
}

/** Those whose name or tags hold every word of the query. */
export function search(emoji: readonly Emoji[], query: string): Emoji[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return [...emoji]
  return emoji.filter((one) =>
    words.every((word) => one.name.toLocaleLowerCase().includes(word) || one.tags.some((tag) => tag.toLocaleLowerCase().includes(word)) || one.emoji === word),
  )
}
