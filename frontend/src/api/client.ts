import { Fault, unreachable } from './fault'
import type { Problem } from './nouns'

type Query = Record<string, string | number | boolean | undefined>

export interface Call {
  query?: Query
  body?: unknown
  signal?: AbortSignal
}

type Listener = () => void
let onSignedOut: Listener = () => {}

/** Sets what happens when the server no longer knows the session. */
export function whenSignedOut(listener: Listener): void {
  onSignedOut = listener
}

function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) params.set(key, String(value))
  }
  const text = params.toString()
  return `/api/v1${path}${text ? `?${text}` : ''}`
}

async function problemOf(response: Response): Promise<Fault> {
  try {
    const problem = (await response.json()) as Problem
    return new Fault({ ...problem, status: response.status })
  } catch {
    // A proxy in between answered, not the server.
    return new Fault({ code: response.status >= 500 ? 128 : unreachable, status: response.status })
  }
}

/** Makes one request. Throws a Fault, and nothing else. */
export async function request<T>(method: string, path: string, call: Call = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-Requested-With': 'homeroom' }
  if (call.body !== undefined) headers['Content-Type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(address(path, call.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: call.signal,
    })
  } catch (thrown) {
    throw new Fault({ code: unreachable, detail: thrown instanceof Error ? thrown.message : '' })
  }
  if (!response.ok) {
    const fault = await problemOf(response)
    if (fault.code === 130) onSignedOut()
    throw fault
  }
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** Reads a list to its end. `most` bounds what a runaway list may cost. */
export async function all<T>(part: (cursor: string | undefined) => Promise<{ items: T[]; next?: string }>, most = 5000): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const answer = await part(cursor)
    items.push(...answer.items)
    cursor = answer.next
  } while (cursor && items.length < most)
  return items
}
