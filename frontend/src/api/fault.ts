import type { Problem } from './nouns'

/** The number of a fault that never reached the server. */
export const unreachable = 0

/** What went wrong with a request, by the number that the server's table gives it. */
export class Fault extends Error {
  readonly code: number
  readonly status: number
  readonly retryAfter: number | undefined
  readonly requestId: string | undefined
  readonly errors: { location?: string; message?: string }[]

  constructor(problem: Pick<Problem, 'code'> & Partial<Problem>) {
    super(problem.detail ?? problem.title ?? String(problem.code))
    this.name = 'Fault'
    this.code = problem.code
    this.status = problem.status ?? 0
    this.retryAfter = problem.retry_after
    this.requestId = problem.request_id
    this.errors = problem.errors ?? []
  }
}

/** Makes a Fault of whatever was thrown. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  return new Fault({ code: unreachable, detail: thrown instanceof Error ? thrown.message : String(thrown) })
}
