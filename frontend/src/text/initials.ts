const han = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u

/**
 * One or two letters that stand for a name. A Chinese name is known by its
 * last two characters, a Western one by the first letters of its first and
 * last word.
 */
export function initials(name: string): string {
  const trimmed = name.trim()
  if (!trimmed) return '?'
  if (han.test(trimmed)) return [...trimmed.replace(/\s/g, '')].slice(-2).join('')
  const words = trimmed.split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? ''
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toLocaleUpperCase()
}
