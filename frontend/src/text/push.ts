/** What an outside system told, as it came. */
export interface Push {
  id: string
  content?: string
  task?: string
  percent?: number
  data?: unknown
  at: string
}

const own = new Set(['uid', 'task', 'content'])
const mostFacts = 280

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** What an object of the inner port says beside what has a place of its own: "stage: encoding · left: 12". */
export function facts(push: Push): string {
  const { data } = push
  if (data === undefined || data === null) return ''
  if (typeof data !== 'object') return plain(data).slice(0, mostFacts)
  const parts = Object.entries(data)
    .filter(([key]) => !own.has(key) && !(key === 'percent' && push.percent !== undefined))
    .map(([key, value]) => `${key}: ${plain(value)}`)
  const text = parts.join(' · ')
  return text.length > mostFacts ? `${text.slice(0, mostFacts - 1)}…` : text
}

/**
 * Pushes of one key are one notice: those of a task, and those that tell how
 * far something is without naming it.
 */
export function keyOf(push: Push): string {
  if (push.task) return `task ${push.task}`
  return push.percent === undefined ? push.id : 'unnamed task'
}
