import type { components } from '@/api/schema'

export type ServerFrame = components['schemas']['ServerFrame']
export type ClientFrame = components['schemas']['ClientFrame']
export type EventFrame = components['schemas']['EventFrame']

/** What answers a frame of ours; it carries the ref that we gave. */
export type Answer = components['schemas']['AnswerFrame']

/** What is told while it lasts and never stored. */
export type Telling = Exclude<ServerFrame, EventFrame | Answer | { op: 'keep' } | { op: 'resync' }>

/** Any of ours without its ref, which the socket gives. */
export type Saying = ClientFrame extends infer F ? (F extends ClientFrame ? Omit<F, 'ref'> : never) : never

export function isAnswer(frame: ServerFrame): frame is Answer {
  return 'status' in frame
}

/** Reads a frame; undefined for what is none. */
export function parse(text: string): ServerFrame | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    if (typeof frame === 'object' && frame !== null && 'op' in frame) return frame as ServerFrame
  } catch {
    // Whatever it was, the numbers of the next frames will tell what is missing.
  }
  return undefined
}
