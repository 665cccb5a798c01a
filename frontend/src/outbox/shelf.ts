import type { Draft, Entry } from './entry'

/** Where entries are kept between the writing and the storing. */
export interface Shelf {
  all(userId: number): Promise<Entry[]>
  add(draft: Draft): Promise<Entry>
  put(entry: Entry): Promise<void>
  remove(entry: Entry): Promise<void>
}

const database = 'homeroom'
const store = 'outbox'

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'))
  })
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1)
  request.onupgradeneeded = () => {
    const entries = request.result.createObjectStore(store, { keyPath: 'order', autoIncrement: true })
    entries.createIndex('user_id', 'user_id')
    entries.createIndex('client_id', 'client_id', { unique: true })
  }
  return done(request)
}

/** Keeps entries in IndexedDB, whose counter orders those of all tabs. */
export class Disk implements Shelf {
  private opened: Promise<IDBDatabase> | undefined

  private async transaction(mode: IDBTransactionMode): Promise<IDBTransaction> {
    this.opened ??= open()
    try {
      const db = await this.opened
      // The browser may take the database away, and a newer page may change it.
      db.onclose = () => (this.opened = undefined)
      db.onversionchange = () => {
        db.close()
        this.opened = undefined
      }
      return db.transaction(store, mode)
    } catch (thrown) {
      this.opened = undefined
      throw thrown
    }
  }

  async all(userId: number): Promise<Entry[]> {
    const transaction = await this.transaction('readonly')
    const entries = await done<Entry[]>(transaction.objectStore(store).index('user_id').getAll(userId))
    return entries.sort((a, b) => a.order - b.order)
  }

  async add(draft: Draft): Promise<Entry> {
    const transaction = await this.transaction('readwrite')
    const order = await done(transaction.objectStore(store).add({ ...draft }))
    await committed(transaction)
    return { ...draft, order: Number(order) }
  }

  /** Changes an entry that is still there: another tab may have sent it meanwhile. */
  async put(entry: Entry): Promise<void> {
    const transaction = await this.transaction('readwrite')
    const entries = transaction.objectStore(store)
    if (await done(entries.getKey(entry.order))) entries.put({ ...entry })
    await committed(transaction)
  }

  async remove(entry: Entry): Promise<void> {
    const transaction = await this.transaction('readwrite')
    transaction.objectStore(store).delete(entry.order)
    await committed(transaction)
  }
}

/** Keeps entries for as long as the page lives, where the browser allows nothing else. */
export class Memory implements Shelf {
  private entries: Entry[] = []
  private last: number

  constructor(readonly start = 0) {
    this.last = start
  }

  get size(): number {
    return this.entries.length
  }

  async all(userId: number): Promise<Entry[]> {
    return this.entries.filter((entry) => entry.user_id === userId)
  }

  async add(draft: Draft): Promise<Entry> {
    const entry = { ...draft, order: ++this.last }
    this.entries.push(entry)
    return entry
  }

  async put(entry: Entry): Promise<void> {
    this.entries = this.entries.map((other) => (other.order === entry.order ? entry : other))
  }

  async remove(entry: Entry): Promise<void> {
    this.entries = this.entries.filter((other) => other.order !== entry.order)
  }
}

/**
 * A shelf, and memory for what it does not take: the disk of an old phone is
 * soon full. Once memory holds something the rest follows there, so that the
 * order stays the order of writing.
 */
export class Spare implements Shelf {
  private readonly memory = new Memory(2 ** 52)

  constructor(private readonly shelf: Shelf) {}

  async all(userId: number): Promise<Entry[]> {
    return [...(await this.shelf.all(userId).catch(() => [])), ...(await this.memory.all(userId))]
  }

  async add(draft: Draft): Promise<Entry> {
    if (this.memory.size) return this.memory.add(draft)
    return this.shelf.add(draft).catch(() => this.memory.add(draft))
  }

  put(entry: Entry): Promise<void> {
    return this.of(entry).put(entry)
  }

  remove(entry: Entry): Promise<void> {
    return this.of(entry).remove(entry)
  }

  private of(entry: Entry): Shelf {
    return entry.order > this.memory.start ? this.memory : this.shelf
  }
}

/** The disk if it works here, else memory. */
export async function shelf(): Promise<Shelf> {
  const disk = new Disk()
  try {
    await disk.all(0)
    return new Spare(disk)
  } catch {
    return new Memory()
  }
}

/** Takes what could not be sent off the disk: the next one at a shared computer must not find it. */
export async function forgetFailed(userId: number): Promise<void> {
  const disk = new Disk()
  for (const entry of await disk.all(userId)) if (entry.state === 'failed') await disk.remove(entry)
}
