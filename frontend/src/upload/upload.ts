import { faultOf, unreachable, type Fault } from '@/api/fault'
import type { ClassFile } from '@/api/nouns'

/** Where a file goes. Every call throws a Fault where it fails. */
export interface Depot {
  begin(): Promise<ClassFile>
  /** How far the server is. */
  state(id: number): Promise<ClassFile>
  put(id: number, offset: number): Promise<ClassFile>
  /** Waits so long, or until the network seems to be back. */
  pause(ms: number): Promise<void>
  /** How it stands; with a fault while it waits to go on. */
  told(received: number, held?: Fault): void
}

/** Codes of refusals that only a file knows; the server's own begin at 100. */
export const unreadable = 1
export const gone = 2

// A file that the server forgot while it was on its way is brought once more.
const restarts = 1
const wrongTries = 4

/** How long to wait before the same again; undefined where that would change nothing. */
function wait(fault: Fault, tries: number): number | undefined {
  const longer = Math.min(15_000, 1000 * 2 ** tries)
  switch (fault.code) {
    case unreachable:
      // With a status somebody did answer: a proxy that does not let it through.
      return fault.status >= 400 && fault.status < 500 ? undefined : longer
    case 120: // too many at once
    case 138:
      return Math.max(250, (fault.retryAfter ?? 1) * 1000)
    case 128: // storage unavailable
    case 140: // busy: another picture is being looked at
      return Math.max((fault.retryAfter ?? 0) * 1000, longer)
    case 127: // it has more or less than we thought
      return tries < wrongTries ? 250 * tries : undefined
    case 129:
      return tries < wrongTries && fault.status >= 500 ? longer : undefined
    default:
      return undefined
  }
}

/**
 * Brings a file to the server, in parts, until it is ready. Whatever breaks on
 * the way, it asks how much has arrived and goes on from there. Throws a Fault
 * where going on would not help.
 */
export async function upload(depot: Depot): Promise<ClassFile> {
  let file: ClassFile | undefined
  let unsure = false
  let tries = 0
  let begun = 0
  for (;;) {
    try {
      if (!file) file = await depot.begin()
      else if (unsure) file = await depot.state(file.id)
      unsure = false
      depot.told(file.received)
      while (!file.ready) {
        const before: number = file.received
        file = await depot.put(file.id, before)
        if (file.received > before) tries = 0
        depot.told(file.received)
      }
      return file
    } catch (thrown) {
      const fault = faultOf(thrown)
      if (fault.code === 126 && file && begun < restarts) {
        begun++
        file = undefined
        continue
      }
      const ms = wait(fault, tries++)
      if (ms === undefined) throw fault
      unsure = true
      depot.told(file?.received ?? 0, fault)
      await depot.pause(ms)
    }
  }
}
