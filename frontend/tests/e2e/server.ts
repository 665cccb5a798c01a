import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test'

export const password = 'correct horse battery staple'

/** A server that nobody has set up yet, on a free port and with a folder of its own. */
export class Server {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly url: string,
    /** The link that makes the first admin. */
    readonly setUpLink: string,
  ) {}

  static async open(...flags: string[]): Promise<Server> {
    const binary = process.env['HOMEROOM_BIN']
    if (!binary) throw new Error('HOMEROOM_BIN is not set')
    const folder = mkdtempSync(join(tmpdir(), 'homeroom-fresh-'))
    // Ada signs in with her password alone, but where it is about that.
    const child = spawn(binary, ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--log-level', 'error', '--no-admin-second-factor', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const printed = await new Promise<string>((resolve, reject) => {
      let text = ''
      child.stdout.on('data', (part: Buffer) => {
        text += part.toString()
        if (/#token=\S+\s/.test(text)) resolve(text)
      })
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)))
    })
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? ''
    const link = /http\S+#token=\S+/.exec(printed)?.[0] ?? ''
    return new Server(child, folder, url, link)
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Ends the process and leaves the folder: what a browser sees of a server that is away. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.kill('SIGKILL')
    await ended
  }

  context(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
    return browser.newContext({ baseURL: this.url, reducedMotion: 'reduce', ...options })
  }

  /** Makes the first admin by the form, and waits for the page that is then shown. */
  async setUp(page: Page, name = 'Ada Park', then = '/'): Promise<void> {
    await page.goto(this.setUpLink)
    await page.getByLabel('Your name').fill(name)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('Password again').fill(password)
    await page.getByRole('button', { name: 'Make the admin account' }).click()
    await page.waitForURL(`${this.url}${then}`)
  }
}

/** Signs in by the form. */
export async function signIn(page: Page, name: string, secret = password): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** REST as the page's own user. */
export async function call<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(`/api/v1${path}`, {
        method,
        headers: { 'X-Requested-With': 'test', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return (response.status === 204 ? undefined : await response.json()) as T
    },
    [method, path, body] as const,
  )
}
