import { describe, expect, it } from 'vitest'
import { clientId, next, outcome, type Draft, type Entry, type Reply } from '@/outbox/entry'
import { Sender } from '@/outbox/sender'
import { Disk, Memory, Spare, type Shelf } from '@/outbox/shelf'
import { Chance } from './random'

const draft = (client_id: string, content = client_id): Draft => ({
  user_id: 1,
  class_id: 1,
  thread_id: 1,
  client_id,
  content,
  written_at: '2026-03-02T09:00:00.000Z',
  state: 'waiting',
})
const stored: Reply = { status: true, code: 105 }

/** The server's promise: the same client id is the same message, for good. */
class Store {
  readonly messages: string[] = []
  private readonly known = new Set<string>()

  take(entry: Entry): Reply {
    if (!this.known.has(entry.client_id)) {
      this.known.add(entry.client_id)
      this.messages.push(entry.content)
    }
    return stored
  }
}

const alone = (work: () => Promise<void>) => work()
const pause = () => Promise.resolve()

describe('the outbox', () => {
  it('sends all that waits, in the order of writing', async () => {
    const shelf = new Memory()
    const store = new Store()
    for (const id of ['a', 'b', 'c']) await shelf.add(draft(id))
    await new Sender(1, shelf, { send: async (entry) => store.take(entry), changed: () => {}, alone, pause }).drain()
    expect(store.messages).toEqual(['a', 'b', 'c'])
    expect(await shelf.all(1)).toEqual([])
  })

  it('tries again what the server had no time for, and sends nothing else before it', async () => {
    const shelf = new Memory()
    const store = new Store()
    let busy = 3
    for (const id of ['a', 'b']) await shelf.add(draft(id))
    await new Sender(1, shelf, {
      send: async (entry) => (busy-- > 0 ? { status: false, code: 120, retry_after: 1 } : store.take(entry)),
      changed: () => {},
      alone,
      pause,
    }).drain()
    expect(store.messages).toEqual(['a', 'b'])
  })

  it('keeps what was refused, with why, and goes on with the rest', async () => {
    const shelf = new Memory()
    const store = new Store()
    for (const id of ['a', 'b', 'c']) await shelf.add(draft(id))
    await new Sender(1, shelf, {
      send: async (entry) => (entry.client_id === 'b' ? { status: false, code: 122, msg: 'The thread is locked' } : store.take(entry)),
      changed: () => {},
      alone,
      pause,
    }).drain()
    expect(store.messages).toEqual(['a', 'c'])
    expect(await shelf.all(1)).toMatchObject([{ client_id: 'b', state: 'failed', code: 122, detail: 'The thread is locked' }])
  })

  it('stores once and in order whatever breaks, with several tabs sending the same shelf at once', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const chance = new Chance(seed)
      const shelf = new Memory()
      const store = new Store()
      const post = {
        async send(entry: Entry): Promise<Reply> {
          await wait(chance)
          // Lost on the way there, or the answer on the way back.
          if (chance.happens(0.15)) throw new Error('lost')
          const reply = store.take(entry)
          await wait(chance)
          if (chance.happens(0.15)) throw new Error('lost')
          return chance.happens(0.1) ? { status: false, code: 128 } : reply
        },
        changed: () => {},
        alone,
        pause,
      }
      const texts = Array.from({ length: 12 }, (_, n) => `message ${n}`)
      const tabs = [new Sender(1, shelf, post), new Sender(1, shelf, post), new Sender(1, shelf, post)]
      for (const text of texts) {
        await shelf.add(draft(text))
        void chance.pick(tabs).drain()
        await wait(chance)
      }
      for (let n = 0; n < 200 && (await shelf.all(1)).length; n++) await chance.pick(tabs).drain()
      await Promise.all(tabs.map((tab) => tab.drain()))
      expect(store.messages, `history ${seed}`).toEqual(texts)
    }
  }, 60_000)

  it('stops when the user leaves', async () => {
    const shelf = new Memory()
    const store = new Store()
    for (const id of ['a', 'b']) await shelf.add(draft(id))
    const sender: Sender = new Sender(1, shelf, {
      async send(entry) {
        sender.stop()
        return store.take(entry)
      },
      changed: () => {},
      alone,
      pause,
    })
    await sender.drain()
    expect(store.messages).toEqual(['a'])
  })
})

describe.each<[string, () => Shelf]>([
  ['the disk', () => new Disk()],
  ['the memory', () => new Memory()],
])('%s', (name, make) => {
  it('keeps the order of writing, each user by themselves', async () => {
    const shelf = make()
    const ids = ['z', 'm', 'a'].map((id) => `${name} ${id}`)
    for (const id of ids) await shelf.add(draft(id))
    await shelf.add({ ...draft(`${name} other`), user_id: 2 })
    const all = await shelf.all(1)
    expect(all.map((entry) => entry.client_id)).toEqual(ids)
    const [first] = all
    if (!first) throw new Error('nothing kept')
    await shelf.put({ ...first, state: 'failed', code: 121 })
    expect((await shelf.all(1))[0]).toMatchObject({ state: 'failed', code: 121 })
    await shelf.remove(first)
    // Another tab sent it meanwhile: it must not come back.
    await shelf.put(first)
    expect((await shelf.all(1)).map((entry) => entry.client_id)).toEqual(ids.slice(1))
    expect(await shelf.all(2)).toHaveLength(1)
  })
})

it('what a full disk does not take is sent all the same, in the order of writing', async () => {
  const disk = new Memory()
  let full = false
  const shelf = new Spare({
    all: (user) => disk.all(user),
    add: (one) => (full ? Promise.reject(new Error('full')) : disk.add(one)),
    put: (entry) => disk.put(entry),
    remove: (entry) => disk.remove(entry),
  })
  await shelf.add(draft('a'))
  full = true
  await shelf.add(draft('b'))
  full = false
  await shelf.add(draft('c'))
  const store = new Store()
  await new Sender(1, shelf, { send: async (entry) => store.take(entry), changed: () => {}, alone, pause }).drain()
  expect(store.messages).toEqual(['a', 'b', 'c'])
  expect(await shelf.all(1)).toEqual([])
})

describe('what an answer means', () => {
  it('waits as long as the server says', () => {
    expect(outcome({ status: false, code: 120, retry_after: 3 }, 0)).toEqual({ kind: 'again', wait: 3000 })
  })
  it('gives up on an internal error after a few tries', () => {
    expect(outcome({ status: false, code: 129 }, 0).kind).toBe('again')
    expect(outcome({ status: false, code: 129 }, 9).kind).toBe('refused')
  })
  it('tells the writer of everything that will not change by itself', () => {
    for (const code of [102, 104, 107, 121, 122, 123, 124, 127]) expect(outcome({ status: false, code }, 0).kind).toBe('refused')
  })
  it('waits for the user to come back', () => {
    expect(outcome({ status: false, code: 130 }, 0)).toEqual({ kind: 'away' })
  })
})

describe('a client id', () => {
  it('is random also where the browser gives no UUID', () => {
    const source = { getRandomValues: crypto.getRandomValues.bind(crypto) }
    const ids = new Set(Array.from({ length: 1000 }, () => clientId(source)))
    expect(ids.size).toBe(1000)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

it('the next to send is the first written that waits', () => {
  const entries = [{ ...draft('b'), order: 2 }, { ...draft('c'), order: 3 }, { ...draft('a'), order: 1, state: 'failed' as const }]
  expect(next(entries)?.client_id).toBe('b')
  expect(next([])).toBeUndefined()
})

async function wait(chance: Chance): Promise<void> {
  for (let n = chance.below(4); n > 0; n--) await Promise.resolve()
}
