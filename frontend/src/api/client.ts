import createClient from 'openapi-fetch'
import { Fault, unreachable } from './fault'
import type { Problem } from './nouns'
import type { paths } from './schema'

type Listener = () => void
let onSignedOut: Listener = () => {}

/** Sets what happens when the server no longer knows the session. */
export function whenSignedOut(listener: Listener): void {
  onSignedOut = listener
}

let onUnready: Listener = () => {}

/** Sets what happens when the server wants a second factor to be set up before anything else. */
export function whenUnready(listener: Listener): void {
  onUnready = listener
}

type Confirmer = () => Promise<boolean>
let confirm: Confirmer = () => Promise.resolve(false)

/** Sets who asks for the password when the server wants it once more. */
export function whenUnconfirmed(confirmer: Confirmer): void {
  confirm = confirmer
}

async function wantsPassword(response: Response): Promise<boolean> {
  if (response.status !== 403) return false
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return isProblem(body) && body.code === 141
}

async function reach(request: Request): Promise<Response> {
  const again = request.clone()
  try {
    const response = await fetch(request)
    return (await wantsPassword(response)) && (await confirm()) ? await fetch(again) : response
  } catch (thrown) {
    throw new Fault({ code: unreachable, detail: thrown instanceof Error ? thrown.message : '' })
  }
}

/** Every operation of the server's document, typed by it. */
export const server = createClient<paths>({
  baseUrl: `${location.origin}/api/v1`,
  credentials: 'same-origin',
  headers: { 'X-Requested-With': 'homeroom' },
  fetch: reach,
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'number'
}

/** Waits for what an operation answers with. Throws a Fault, and nothing else. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call
  if (response.ok) return data as T
  if (!isProblem(error)) {
    // A proxy in between answered, not the server.
    throw new Fault({ code: response.status >= 500 ? 128 : unreachable, status: response.status })
  }
  if (error.code === 130) onSignedOut()
  if (error.code === 144) onUnready()
  throw new Fault({ ...error, status: response.status })
}

/** As take, of an operation whose answer says nothing more. */
export async function done(call: Promise<Answer<unknown>>): Promise<void> {
  await take(call)
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
