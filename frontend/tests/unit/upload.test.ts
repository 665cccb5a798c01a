import { describe, expect, it } from 'vitest'
import { Fault } from '@/api/fault'
import type { ClassFile } from '@/api/nouns'
import { unreadable, upload, type Depot } from '@/upload/upload'
import { Chance } from './random'
import { file } from './server'

const part = 256

/** The server's promise: parts in their order, an offset that fits, and one look at the end. */
class Store {
  bytes: number[] = []
  begun = 0
  known = false
  ready = false

  constructor(readonly source: readonly number[]) {}

  private get state(): ClassFile {
    return file(1, { size: this.source.length, received: this.bytes.length, ready: this.ready })
  }

  begin(): ClassFile {
    this.begun++
    this.known = true
    this.bytes = []
    return this.state
  }

  get(): ClassFile {
    if (!this.known) throw new Fault({ code: 126, status: 404 })
    return this.state
  }

  put(offset: number): ClassFile {
    this.get()
    if (offset !== this.bytes.length) throw new Fault({ code: 127, status: 409 })
    this.bytes.push(...this.source.slice(offset, offset + part))
    this.ready = this.bytes.length === this.source.length
    return this.state
  }
}

function depot(store: Store, more: Partial<Depot> = {}): Depot & { heard: string[] } {
  const heard: string[] = []
  return {
    heard,
    begin: async () => store.begin(),
    state: async () => store.get(),
    put: async (_id, offset) => store.put(offset),
    pause: async () => {},
    told: (received, held) => void heard.push(`${received}${held ? ' held' : ''}`),
    ...more,
  }
}

const source = (length: number) => Array.from({ length }, (_, n) => n % 251)

describe('a file on its way', () => {
  it('goes in parts, and says how far it is', async () => {
    const store = new Store(source(600))
    const way = depot(store)
    expect((await upload(way)).ready).toBe(true)
    expect(store.bytes).toEqual(store.source)
    expect(way.heard).toEqual(['0', '256', '512', '600'])
  })

  it('arrives whole and once, whatever breaks, from where it was', async () => {
    for (let seed = 1; seed <= 500; seed++) {
      const chance = new Chance(seed)
      const store = new Store(source(1 + chance.below(2000)))
      let parts = 0
      const lossy = async <T>(call: () => T): Promise<T> => {
        // Lost on the way there, or the answer on the way back.
        if (chance.happens(0.2)) throw new Fault({ code: 0 })
        if (chance.happens(0.1)) throw new Fault({ code: chance.pick([128, 138, 140]), status: 503, retry_after: 1 })
        const answer = call()
        if (chance.happens(0.2)) throw new Fault({ code: 0 })
        return answer
      }
      await upload(
        depot(store, {
          begin: () => lossy(() => store.begin()),
          state: () => lossy(() => store.get()),
          put: (_id, offset) =>
            lossy(() => {
              parts++
              return store.put(offset)
            }),
        }),
      )
      expect(store.bytes, `history ${seed}`).toEqual(store.source)
      // No part is brought a second time.
      expect(parts, `history ${seed}`).toBe(Math.ceil(store.source.length / part))
    }
  })

  it('asks how much there is when the server has another count, and goes on from there', async () => {
    const store = new Store(source(600))
    let once = true
    await upload(
      depot(store, {
        async put(_id, offset) {
          const answer = store.put(offset)
          // The answer came to another tab, or was an old one.
          if (once) {
            once = false
            throw new Fault({ code: 127, status: 409 })
          }
          return answer
        },
      }),
    )
    expect(store.bytes).toEqual(store.source)
  })

  it('is brought once more when the server has forgotten it, and not for ever', async () => {
    const store = new Store(source(600))
    let forgets = 1
    const way = depot(store, {
      async put(_id, offset) {
        if (offset > 0 && forgets-- > 0) store.known = false
        return store.put(offset)
      },
    })
    await upload(way)
    expect(store.begun).toBe(2)
    expect(store.bytes).toEqual(store.source)
    forgets = Infinity
    store.ready = false
    await expect(upload(way)).rejects.toMatchObject({ code: 126 })
  })

  it('waits where a picture is being looked at, and asks with nothing more to bring', async () => {
    const store = new Store(source(100))
    const offsets: number[] = []
    let busy = 2
    const file = await upload(
      depot(store, {
        async put(_id, offset) {
          offsets.push(offset)
          if (offset === 0) store.put(0)
          store.ready = busy-- === 0
          if (!store.ready) throw new Fault({ code: 140, status: 503 })
          return store.get()
        },
      }),
    )
    expect(file.ready).toBe(true)
    expect(offsets).toEqual([0, 100, 100])
  })

  it.each([
    ['too large', { code: 134, status: 413 }],
    ['of a kind that is not taken', { code: 135, status: 415 }],
    ['broken', { code: 104, status: 422 }],
    ['not to be read', { code: unreadable }],
    ['held back by a proxy', { code: 0, status: 413 }],
    ['of somebody who may not write', { code: 121, status: 403 }],
  ])('is given up at once where it is %s', async (_why, problem) => {
    const store = new Store(source(600))
    let puts = 0
    const refused = upload(
      depot(store, {
        async put() {
          puts++
          throw new Fault(problem)
        },
      }),
    )
    await expect(refused).rejects.toMatchObject({ code: problem.code })
    expect(puts).toBe(1)
  })
})
