import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test'
import type { components } from '../../src/api/schema'

type Schemas = components['schemas']
export type Name = 'Ann' | 'Bob' | 'Cai' | 'Eve'
const password = 'correct horse battery staple'
/** For tests that fill a thread, or act faster than people do. */
export const fast = [
  '--sends-per-second=100000',
  '--send-burst=100000',
  '--thread-sends-per-second=100000',
  '--requests-per-second=100000',
  '--request-burst=100000',
  '--address-requests-per-second=100000',
  '--address-request-burst=100000',
]
const roles = { Ann: 'teacher', Bob: 'student', Cai: 'student', Eve: 'student' } as const

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function binary(): string {
  const path = process.env['HOMEROOM_BIN']
  if (!path) throw new Error('HOMEROOM_BIN is not set')
  return path
}

/** A server with a folder of its own, and the fixed cast: Ann teaches, Bob and Cai are students, Eve is outside. */
export class School {
  private process: ChildProcess | undefined
  private readonly folder = mkdtempSync(join(tmpdir(), 'homeroom-school-'))
  private readonly tokens = new Map<Name, string>()
  readonly users = new Map<Name, number>()
  private port = 0
  private flags: string[] = []

  static async open(...flags: string[]): Promise<School> {
    const school = new School()
    school.port = await freePort()
    school.flags = flags
    for (const name of Object.keys(roles) as Name[]) {
      school.command(['user', 'add', name, '--role', roles[name], '--password-stdin'], password)
      const printed = school.command(['token', 'add', name, '--name', 'test', '--scopes', 'read,write,manage'])
      const token = printed.split(/\s+/).find((word) => word.length > 30)
      if (!token) throw new Error(`no token in: ${printed}`)
      school.tokens.set(name, token)
    }
    await school.start()
    for (const name of Object.keys(roles) as Name[]) {
      const me = await school.as<Schemas['User']>(name, 'GET', '/me')
      school.users.set(name, me.id)
    }
    return school
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  private command(args: string[], input = ''): string {
    return execFileSync(binary(), [...args, '--data', this.folder], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })
  }

  async start(): Promise<void> {
    const server = spawn(binary(), ['serve', '--data', this.folder, '--listen', `127.0.0.1:${this.port}`, '--log-level', 'error', ...this.flags], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.process = server
    for (let tries = 0; tries < 200; tries++) {
      const answer = await fetch(`${this.url}/api/v1/info`).catch(() => undefined)
      if (answer?.ok) return
      if (server.exitCode !== null) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the server does not answer')
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const server = this.process
    this.process = undefined
    if (!server || server.exitCode !== null) return
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill(signal)
    await ended
  }

  async close(): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** What a script of the user does: REST with a bearer token. */
  async as<T>(name: Name, method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.tokens.get(name) ?? ''}`,
        'X-Requested-With': 'test',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (response.status === 204 ? undefined : await response.json()) as T
  }

  /** A class of Ann's with Bob and Cai in it, and one thread. */
  async room(className = 'Physics 9b', threadName = 'Homework'): Promise<Room> {
    const group = await this.as<Schemas['Class']>('Ann', 'POST', '/classes', { name: className })
    for (const name of ['Bob', 'Cai'] as const) await this.as('Ann', 'POST', `/classes/${group.id}/members`, { name, role: 'student' })
    const thread = await this.as<Schemas['Thread']>('Ann', 'POST', `/classes/${group.id}/threads`, { name: threadName })
    return new Room(this, group.id, thread.id)
  }

  async signIn(context: BrowserContext, name: Name): Promise<void> {
    const answer = await context.request.post(`${this.url}/api/v1/session`, {
      data: { name, password, my_device: true },
      headers: { 'X-Requested-With': 'test', Origin: this.url },
    })
    if (!answer.ok()) throw new Error(`sign in: ${answer.status()} ${await answer.text()}`)
  }

  /** A browser in which the user is signed in. */
  async browser(browser: Browser, name: Name, options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: this.url, ...options })
    await this.signIn(context, name)
    return context
  }
}

/** A thread of a class. */
export class Room {
  constructor(
    readonly school: School,
    readonly classId: number,
    readonly threadId: number,
  ) {}

  get path(): string {
    return `/c/${this.classId}/t/${this.threadId}`
  }

  private get api(): string {
    return `/classes/${this.classId}/threads/${this.threadId}`
  }

  say(name: Name, content: string, replyTo?: number): Promise<Schemas['Message']> {
    return this.school.as(name, 'POST', `${this.api}/messages`, { content, client_id: randomUUID(), ...(replyTo === undefined ? {} : { reply_to: replyTo }) })
  }

  /** All messages as the server has them, oldest first. */
  async messages(name: Name = 'Ann'): Promise<Schemas['Message'][]> {
    const all: Schemas['Message'][] = []
    for (let before = 0; ; ) {
      const page = await this.school.as<Schemas['MessagePage']>(name, 'GET', `${this.api}/messages?limit=100${before ? `&before=${before}` : ''}`)
      all.unshift(...page.items)
      before = page.items[0]?.id ?? 0
      if (!page.has_older || !before) return all
    }
  }

  async contents(): Promise<string[]> {
    return (await this.messages()).map((message) => message.content)
  }

  /** Opens the thread and waits until one can write in it. */
  async open(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    await page.goto(this.path)
    await composer(page).waitFor()
    return page
  }
}

/** A message's text as the page shows it. */
export const said = (page: Page, text: string) => page.locator('.body', { hasText: text })

export const composer = (page: Page) => page.locator('form.composer textarea')

export async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}
