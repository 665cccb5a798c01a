import { randomUUID } from 'node:crypto'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { payloads } from './payloads'
import { fast } from './school'
import { call, Server, signIn } from './server'

// Threats 18, 20 and 36 of docs/security.md.
let server: Server
let token = ''
test.beforeAll(async ({ browser }) => {
  server = await Server.open(...fast, '--max-tokens-per-user=1000', '--max-classes-per-user=1000')
  const context = await server.context(browser)
  const page = await context.newPage()
  await server.setUp(page)
  const made = await call<{ secret: string }>(page, 'POST', '/me/tokens', { name: 'filler', scopes: ['read', 'write', 'push', 'manage'] })
  token = made.secret
  await context.close()
})
test.afterAll(() => server.close())

/** REST as the admin's script; undefined where the server does not take the text. */
async function put<T>(method: string, path: string, body: unknown): Promise<T | undefined> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (response.status === 422 || response.status === 409) return undefined
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}

const shortened = (text: string, most: number) => [...text].slice(0, most).join('')

interface Seen {
  ran: string[]
  dialogs: string[]
  reports: string[]
  foreign: string[]
  errors: string[]
}

const none: Seen = { ran: [], dialogs: [], reports: [], foreign: [], errors: [] }

/** A browser in which everything that a payload could do is noted. */
async function watched(context: BrowserContext): Promise<Seen> {
  const seen: Seen = { ran: [], dialogs: [], reports: [], foreign: [], errors: [] }
  await context.exposeFunction('__xss', () => seen.ran.push('a script'))
  await context.exposeFunction('__report', (what: string) => seen.reports.push(what))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      void (window as unknown as { __report(what: string): void }).__report(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`)
    })
  })
  context.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  context.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(server.url).host && !request.url().startsWith('blob:')) seen.foreign.push(request.url())
  })
  context.on('weberror', (error) => seen.errors.push(error.error().message))
  return seen
}

/** What of the document no message may make. */
const foreignMarkup = (page: Page) =>
  page.evaluate(() => {
    const wrong: string[] = []
    for (const body of document.querySelectorAll('.body')) {
      for (const one of body.querySelectorAll('*')) {
        if (!/^(P|BR|STRONG|EM|S|CODE|PRE|BLOCKQUOTE|UL|OL|LI|A|HR|SPAN|H[1-6]|TABLE|THEAD|TBODY|TR|TH|TD)$/.test(one.tagName)) wrong.push(one.outerHTML)
        for (const name of one.getAttributeNames()) if (/^on|^style$|^id$|^name$|^src/.test(name)) wrong.push(one.outerHTML)
        if (one.tagName === 'A' && one.hasAttribute('href')) {
          const link = one as HTMLAnchorElement
          if (!/^(https?|mailto):$/.test(link.protocol) || link.target !== '_blank' || !/noopener noreferrer/.test(link.rel)) wrong.push(one.outerHTML)
        }
      }
    }
    for (const one of document.querySelectorAll('iframe, object, embed, base, meta[http-equiv], [onerror], [onload], [onclick], [onfocus]')) wrong.push(one.outerHTML)
    return wrong
  })

/** Scrolls from the end of the thread to its start and returns which rows were drawn. */
async function drawn(page: Page, check: () => Promise<void>): Promise<Set<string>> {
  const keys = new Set<string>()
  for (let still = 0; still < 8; ) {
    const before = keys.size
    for (const key of await page.locator('article[data-key]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['key'] ?? ''))) keys.add(key)
    await check()
    await page.evaluate(async () => {
      const scroller = document.querySelector('.scroller') as HTMLElement
      scroller.scrollBy(0, -scroller.clientHeight * 0.7)
      for (let n = 0; n < 3; n++) await new Promise((resolve) => requestAnimationFrame(resolve))
    })
    still = keys.size === before ? still + 1 : 0
    if (still > 2) await page.waitForTimeout(100)
  }
  return keys
}

test('there are three hundred payloads, and the counters count', async ({ browser }) => {
  expect(payloads.length).toBeGreaterThanOrEqual(300)
  const context = await server.context(browser)
  const seen = await watched(context)
  const bare = await context.newPage()
  await bare.setContent(`${payloads.find((one) => one.startsWith('<img src=x onerror'))}`)
  await expect.poll(() => seen.ran.length).toBe(1)
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.evaluate(() => {
    const script = document.createElement('div')
    script.setAttribute('onclick', '__xss(1)')
    script.click()
  })
  await expect.poll(() => seen.reports.length).toBeGreaterThan(0)
  expect(seen.ran).toHaveLength(1)
  await context.close()
})

test('no message, edit or reply runs, loads or draws anything of its own', async ({ browser }) => {
  const group = await put<{ id: number }>('POST', '/classes', { name: 'Physics 9b' })
  const thread = await put<{ id: number }>('POST', `/classes/${group?.id}/threads`, { name: 'Homework' })
  const path = `/classes/${group?.id}/threads/${thread?.id}/messages`
  let messages = 0
  for (const payload of payloads) {
    // An edit shows what it became, a reply quotes what it answers.
    const first = await put<{ id: number }>('POST', path, { content: 'before', client_id: randomUUID() })
    const edited = await put('PATCH', `${path}/${first?.id}`, { content: payload })
    const reply = await put('POST', path, { content: payload, reply_to: first?.id, client_id: randomUUID() })
    if (edited) messages++
    if (reply) messages++
  }
  // A text with a zero byte is not stored.
  expect(messages).toBeGreaterThan(2 * (payloads.length - 3))

  const context = await server.context(browser)
  const seen = await watched(context)
  const page = await context.newPage()
  await signIn(page, 'Ada Park')
  await page.waitForURL(`${server.url}/**`)
  await page.goto(`/c/${group?.id}/t/${thread?.id}`)
  await page.locator('article').last().waitFor()
  const rows = await drawn(page, async () => expect(await foreignMarkup(page)).toEqual([]))
  expect(rows.size).toBeGreaterThanOrEqual(messages)
  expect(seen).toEqual(none)
  expect(page.url()).toBe(`${server.url}/c/${group?.id}/t/${thread?.id}`)
  await context.close()
})

test('no name, description, notice or label runs, loads or draws anything of its own', async ({ browser }) => {
  const group = await put<{ id: number }>('POST', '/classes', { name: 'Chemistry' })
  const thread = await put<{ id: number }>('POST', `/classes/${group?.id}/threads`, { name: 'Lab' })
  const person = await put<{ user: { id: number } }>('POST', '/users', { name: 'Bob Ray', role: 'student' })
  await put('POST', `/classes/${group?.id}/members`, { user_id: person?.user.id, role: 'student' })
  await put('POST', `/classes/${group?.id}/threads/${thread?.id}/messages`, { content: 'hello', client_id: randomUUID() })

  const context = await server.context(browser)
  const seen = await watched(context)
  const page = await context.newPage()
  await signIn(page, 'Ada Park')
  await page.waitForURL(`${server.url}/**`)
  await page.goto(`/c/${group?.id}/t/${thread?.id}`)
  await page.locator('article').last().waitFor()
  const about = await context.newPage()
  await about.goto(`/c/${group?.id}/manage/about`)
  await about.getByRole('main').waitFor()

  let shown = 0
  for (const [at, payload] of payloads.entries()) {
    const name = shortened(payload, 60)
    const taken = await Promise.all([
      put('PATCH', `/classes/${group?.id}`, { name, description: shortened(payload, 500) }),
      put('PATCH', `/classes/${group?.id}/threads/${thread?.id}`, { name }),
      put('PATCH', `/users/${person?.user.id}`, { name: shortened(`${at} ${payload}`, 60) }),
      put('POST', '/pushes', { content: payload, task: shortened(payload, 60), percent: 50 }),
      put('POST', '/pushes', { class_id: group?.id, content: payload }),
      put('POST', '/me/tokens', { name }),
    ])
    if (taken[0]) shown++
    await page.evaluate(async () => {
      for (let n = 0; n < 2; n++) await new Promise((resolve) => requestAnimationFrame(resolve))
    })
    if (at % 25 === 0) expect(await foreignMarkup(page)).toEqual([])
  }
  expect(shown).toBeGreaterThan(250)
  expect(seen).toEqual(none)

  // What is not told live is read by these.
  for (const path of ['/', '/settings/tokens', '/admin/tokens', '/admin/log', '/admin/users', '/admin/classes', `/c/${group?.id}/manage`, `/c/${group?.id}/manage/codes`]) {
    await about.goto(path)
    await about.getByRole('main').waitFor()
    await about.waitForTimeout(150)
    expect(await foreignMarkup(about), path).toEqual([])
  }
  // The address of a page is text too.
  for (const payload of payloads.slice(0, 40)) {
    await about.evaluate((text) => {
      location.hash = `code=${encodeURIComponent(text)}`
    }, payload)
  }
  for (const path of ['/join#code=', '/setup#token=', '/sign-in?next=', '/nowhere/']) {
    for (const payload of [`<img src=x onerror=__xss(1)>`, `javascript:__xss(1)`, `"><script>__xss(1)</script>`]) {
      await about.goto(path + encodeURIComponent(payload))
      await about.getByRole('main').waitFor()
    }
  }
  expect(seen).toEqual(none)
  await context.close()
})
