import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EventFrame } from '@/live/frames'
import { Live, type State } from '@/live/socket'
import { FakeSocket } from './socket'

const event = (seq: number): EventFrame => ({ op: 'event', class_id: 1, seq, type: 'hidden', at: '2026-03-02T09:00:00.000Z' })

function scene() {
  const sockets: FakeSocket[] = []
  const states: State[] = []
  const seqs: number[] = []
  const strangers: number[] = []
  const resyncs: number[] = []
  const live = new Live(
    {
      state: (state) => states.push(state),
      hello: () => {},
      event: (one) => seqs.push(one.seq),
      telling: () => {},
      stranger: (classId) => strangers.push(classId),
      resync: (classId) => resyncs.push(classId),
      closed: () => {},
    },
    {
      open: () => {
        const socket = new FakeSocket()
        sockets.push(socket)
        return socket as unknown as WebSocket
      },
      random: () => 0,
    },
  )
  const last = () => {
    const socket = sockets.at(-1)
    if (!socket) throw new Error('no socket')
    return socket
  }
  return { live, sockets, states, seqs, strangers, resyncs, last }
}

describe('the socket', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function connected() {
    const all = scene()
    all.live.begin(1, 5)
    all.live.connect()
    all.last().open()
    all.last().greet({ 1: 5 })
    return all
  }

  it('says hello with what it has, and is live when that is answered', () => {
    const { live, last, states } = scene()
    live.begin(1, 5)
    live.connect()
    last().open()
    expect(last().sent[0]).toMatchObject({ action: 'hello', since: { '1': 5 } })
    expect(live.now).toBe('connecting')
    last().greet()
    expect(states).toEqual(['connecting', 'live'])
  })

  it('waits 150 ms on a gap and then says hello again', () => {
    const { last, seqs } = connected()
    last().hear(event(7))
    vi.advanceTimersByTime(149)
    expect(last().sent).toHaveLength(1)
    vi.advanceTimersByTime(2)
    expect(last().sent[1]).toMatchObject({ action: 'hello', since: { '1': 5 } })
    last().greet()
    last().hear(event(6))
    last().hear(event(7))
    expect(seqs).toEqual([6, 7])
  })

  it('says no hello when the gap fills by itself', () => {
    const { last, seqs } = connected()
    last().hear(event(7))
    last().hear(event(6))
    vi.advanceTimersByTime(1000)
    expect(last().sent).toHaveLength(1)
    expect(seqs).toEqual([6, 7])
  })

  it('learns from a keep frame that the last frame was lost', () => {
    const { last } = connected()
    last().hear({ op: 'keep', heads: { '1': 6 } })
    vi.advanceTimersByTime(200)
    expect(last().sent[1]).toMatchObject({ action: 'hello', since: { '1': 5 } })
  })

  it('asks after 24 s of silence whether the server is there, and learns what it missed', async () => {
    const { sockets, last } = connected()
    for (let n = 0; n < 4; n++) {
      vi.advanceTimersByTime(24_001)
      const question = last().sent.at(-1)
      expect(question).toMatchObject({ action: 'keep' })
      last().hear({ op: 'keep', ref: question?.['ref'], status: true, code: 100, heads: { '1': n === 3 ? 6 : 5 } })
      await vi.advanceTimersByTimeAsync(200)
    }
    expect(sockets).toHaveLength(1)
    expect(last().sent.at(-1)).toMatchObject({ action: 'hello', since: { '1': 5 } })
  })

  it('opens anew when it has heard nothing for 35 s', () => {
    const { sockets, states } = connected()
    vi.advanceTimersByTime(34_001)
    expect(sockets[0]?.closed).toBe(true)
    expect(states.at(-1)).toBe('waiting')
    vi.advanceTimersByTime(200)
    expect(sockets).toHaveLength(2)
  })

  it('comes back after an ordinary close with what it has by then', () => {
    const { sockets, last } = connected()
    last().hear(event(6))
    last().drop(1006)
    vi.advanceTimersByTime(200)
    last().open()
    expect(sockets).toHaveLength(2)
    expect(last().sent[0]).toMatchObject({ since: { '1': 6 } })
  })

  it('stays away when the session has ended', () => {
    const { sockets, last, live } = connected()
    last().drop(4500)
    vi.advanceTimersByTime(120_000)
    expect(live.now).toBe('ended')
    expect(sockets).toHaveLength(1)
  })

  it('rejects a question when the connection is lost before the answer', async () => {
    const { live, last } = connected()
    const answer = live.ask({ action: 'typing', thread_id: 1 })
    last().drop(1006)
    await expect(answer).rejects.toThrow('connection lost')
  })

  it('drops a connection that answers no question', async () => {
    const { live, sockets } = connected()
    const answer = live.ask({ action: 'typing', thread_id: 1 })
    const rejected = expect(answer).rejects.toThrow('no answer')
    vi.advanceTimersByTime(10_001)
    await rejected
    expect(sockets[0]?.closed).toBe(true)
  })

  it('asks about a class that nobody has told of, and passes a resync on', () => {
    const { last, strangers, resyncs } = connected()
    last().hear({ ...event(1), class_id: 9 })
    last().hear({ op: 'resync', class_id: 1, seq: 900 })
    expect(strangers).toEqual([9])
    expect(resyncs).toEqual([1])
  })

  it('survives whatever is no frame', () => {
    const { last, seqs } = connected()
    for (const data of ['', '[', '7', 'null', '{}', '{"op":"tomorrow"}']) last().onmessage?.({ data })
    last().hear(event(6))
    expect(seqs).toEqual([6])
  })
})
