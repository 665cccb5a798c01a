import type { User } from '@/api/nouns'

/** A socket whose other end is the test. */
export class FakeSocket {
  readyState: number = WebSocket.CONNECTING
  sent: Record<string, unknown>[] = []
  onopen: (() => void) | null = null
  onmessage: ((message: { data: unknown }) => void) | null = null
  onclose: ((close: { code: number }) => void) | null = null
  closed = false

  open(): void {
    this.readyState = WebSocket.OPEN
    this.onopen?.()
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }
  hear(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  close(): void {
    this.closed = true
    this.readyState = WebSocket.CLOSED
  }
  drop(code: number): void {
    this.readyState = WebSocket.CLOSED
    this.onclose?.({ code })
  }
  /** The last frame that does this. */
  said(action: string): Record<string, unknown> | undefined {
    return this.sent.findLast((frame) => frame['action'] === action)
  }
  /** Answers the last hello. */
  greet(heads: Record<string, number> = {}, user?: User): void {
    this.hear({ op: 'hello', ref: this.said('hello')?.['ref'], status: true, code: 100, heads, keep: 55, user })
  }
}
