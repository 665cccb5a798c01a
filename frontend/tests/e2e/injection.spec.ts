import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test'
import { payloads } from './payloads'
import { png } from './pictures'
import { composer, fast } from './school'
import { call, password, Server } from './server'

// Threats 18 to 21 and 36 of docs/security.md.
test.setTimeout(300_000)
// A command line and a header hold no zero byte.
const writable = payloads.filter((one) => !one.includes('\0'))
let server: Server
let token = ''
const folder = mkdtempSync(join(tmpdir(), 'homeroom-push-'))
const innerPort = join(folder, 'port')
test.beforeAll(async ({ browser }) => {
  const plenty = ['max-tokens-per-user', 'max-sessions-per-user', 'max-open-reports', 'logins-per-address', 'uploads-per-minute', 'parts-per-second']
  server = await Server.open(...fast, ...plenty.map((limit) => `--${limit}=100000`), '--hash-wait=1m', `--push-listen=${innerPort}`, `--name=${writable.join(' ')}`)
  const context = await server.context(browser)
  const page = await context.newPage()
  await server.setUp(page)
  const made = await call<{ secret: string }>(page, 'POST', '/me/tokens', { name: 'filler', scopes: ['read', 'write', 'push', 'manage'] })
  token = made.secret
  await context.close()
})
test.afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** REST as the admin's script, or another's; undefined where the server does not take the text. */
async function put<T>(method: string, path: string, body: unknown, by = token): Promise<T | undefined> {
  const bytes = Buffer.isBuffer(body)
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${by}`, 'Content-Type': bytes ? 'application/octet-stream' : 'application/json' },
    body: bytes ? new Uint8Array(body) : JSON.stringify(body),
  })
  if ([400, 404, 409, 422].includes(response.status)) return undefined
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** The same for all payloads, some at a time, as many connections would. */
async function putEach(make: (payload: string, at: number) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < payloads.length; at += 24) await Promise.all(payloads.slice(at, at + 24).map((payload, n) => make(payload, at + n)))
}

/** Signs in by a browser that calls itself so, and returns its cookie. */
async function enter(name: string, secret: string, agent = 'test'): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'User-Agent': agent, 'Content-Type': 'application/json', 'X-Requested-With': 'test', Origin: server.url },
    body: JSON.stringify({ name, password: secret }),
  })
  if (!response.ok) throw new Error(`sign in: ${response.status} ${await response.text()}`)
  return response.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ')
}

/** Somebody new in a class, and a token of theirs. */
async function student(name: string, classId: number): Promise<string> {
  const made = await put<{ user: { id: number }; password: string }>('POST', '/users', { name, role: 'student' })
  await put('POST', `/classes/${classId}/members`, { user_id: made?.user.id, role: 'student' })
  const response = await fetch(`${server.url}/api/v1/me/tokens`, {
    method: 'POST',
    headers: { Cookie: await enter(name, made?.password ?? ''), 'Content-Type': 'application/json', 'X-Requested-With': 'test', Origin: server.url },
    body: JSON.stringify({ name: 'filler', scopes: ['read', 'write'] }),
  })
  return ((await response.json()) as { secret: string }).secret
}

/** The number of a file that is ready to be sent. */
async function upload(classId: number, name: string, content: Buffer, by: string): Promise<number> {
  const file = await put<{ id: number }>('POST', `/classes/${classId}/files`, { name, size: content.length }, by)
  await put('PUT', `/classes/${classId}/files/${file?.id}/content?offset=0`, content, by)
  return file?.id ?? 0
}

/** The texts in lines, as many in each as there is room for. */
function packed(texts: readonly string[], most: number): string[] {
  const lines: string[] = []
  for (const text of texts) {
    const joined = `${lines.at(-1) ?? ''} ${text}`.trim()
    if (lines.length > 0 && joined.length <= most) lines[lines.length - 1] = joined
    else lines.push(shortened(text, most))
  }
  return lines
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
  await context.exposeFunction('noteReport', (what: string) => seen.reports.push(what))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      void (window as unknown as { noteReport(what: string): void }).noteReport(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`)
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

/** A browser of the admin's, in which everything that a payload could do is noted. */
async function admin(browser: Browser): Promise<{ context: BrowserContext; seen: Seen }> {
  // High, so that one look is at many rows.
  const context = await server.context(browser, { viewport: { width: 1280, height: 2400 } })
  await context.request.post(`${server.url}/api/v1/session`, { data: { name: 'Ada Park', password }, headers: { 'X-Requested-With': 'test', Origin: server.url } })
  return { context, seen: await watched(context) }
}

const drawnFrames = (page: Page, frames = 2) =>
  page.evaluate(async (frames) => {
    for (let n = 0; n < frames; n++) await new Promise((resolve) => requestAnimationFrame(resolve))
  }, frames)

/** What of the document no message may make. */
const foreignMarkup = (page: Page) =>
  page.evaluate(() => {
    const wrong: string[] = []
    for (const body of document.querySelectorAll('.body:not(.dialog > .body)')) { // a dialog has a body too
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

/** Scrolls to the start of the thread, and back as long as one of its messages was not drawn; checks what is drawn. */
async function draw(page: Page, messages: number, check: () => Promise<void>): Promise<void> {
  const keys = new Set<string>()
  for (const step of [-0.6, 0.6]) {
    for (let looks = 0; keys.size < messages && looks < 200; looks++) {
      for (const key of await page.locator('article[data-key]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['key'] ?? ''))) keys.add(key)
      await check()
      if (step < 0 && (await page.locator('[data-key="start"]').count()) > 0) break
      await page.evaluate((step) => {
        const scroller = document.querySelector('.scroller') as HTMLElement
        scroller.scrollBy(0, scroller.clientHeight * step)
      }, step)
      await drawnFrames(page, 3)
    }
  }
  expect(keys.size).toBe(messages)
}

test('there are three hundred payloads, and the counters count', async ({ browser }) => {
  expect(payloads.length).toBeGreaterThanOrEqual(300)
  const context = await server.context(browser)
  const seen = await watched(context)
  const bare = await context.newPage()
  await bare.setContent(`${payloads.find((one) => one.startsWith('<img src=x onerror'))}<img src=http://127.0.0.1:9/x.png><b style="color:red">x</b>`)
  await bare.evaluate(() => {
    alert('a dialog')
    setTimeout(() => {
      throw new Error('an error')
    })
  })
  await expect.poll(() => seen.errors).toEqual(['an error'])
  await expect.poll(() => seen.ran).toHaveLength(1)
  expect(seen.dialogs).toEqual(['a dialog'])
  expect(seen.foreign).toEqual(['http://127.0.0.1:9/x.png'])
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.evaluate(() => {
    const picture = document.createElement('img')
    picture.src = 'http://127.0.0.1:9/x.png'
    picture.id = 'x'
    const body = document.createElement('div')
    body.className = 'body'
    body.append(picture)
    document.body.append(body)
  })
  await expect.poll(() => seen.reports).toHaveLength(1)
  expect(seen.reports[0]).toContain('img-src')
  expect(await foreignMarkup(page)).not.toEqual([])
  await context.close()
})

test('threats 18, 20 and 36: no message, edit or reply runs, loads or draws anything of its own', async ({ browser }) => {
  const group = await put<{ id: number }>('POST', '/classes', { name: 'Physics 9b' })
  const thread = await put<{ id: number }>('POST', `/classes/${group?.id}/threads`, { name: 'Homework' })
  const path = `/classes/${group?.id}/threads/${thread?.id}/messages`
  let messages = 0
  await putEach(async (payload) => {
    // An edit shows what it became, a reply quotes what it answers.
    const first = await put<{ id: number }>('POST', path, { content: payload, client_id: randomUUID() })
    if (!first) return // a text with a zero byte is not stored
    await put('PATCH', `${path}/${first.id}`, { content: `${payload}\n\nedited` })
    await put('POST', path, { content: payload, reply_to: first.id, client_id: randomUUID() })
    // Not one of them is an emoji.
    expect(await put('PUT', `${path}/${first.id}/reactions/${encodeURIComponent(shortened(payload, 20))}`, {})).toBeUndefined()
    messages += 2
  })
  expect(messages).toBeGreaterThanOrEqual(2 * (payloads.length - 2))

  const { context, seen } = await admin(browser)
  const page = await context.newPage()
  await page.goto(`/c/${group?.id}/t/${thread?.id}`)
  await page.locator('article').last().waitFor()
  await expect(page.locator('.body:not(.raw)').last()).toBeVisible()
  await draw(page, messages, async () => expect(await foreignMarkup(page)).toEqual([]))
  await expect(page.locator('.body', { hasText: '<' }).first()).toBeVisible()
  expect(seen).toEqual(none)
  expect(page.url()).toBe(`${server.url}/c/${group?.id}/t/${thread?.id}`)
  await context.close()
})

test('threat 18: no name, description, notice or label runs, loads or draws anything of its own', async ({ browser }) => {
  const group = await put<{ id: number }>('POST', '/classes', { name: 'Chemistry' })
  const thread = await put<{ id: number }>('POST', `/classes/${group?.id}/threads`, { name: 'Lab' })
  const person = await put<{ user: { id: number } }>('POST', '/users', { name: 'Bob Ray', role: 'student' })
  const me = await put<{ id: number }>('GET', '/me', undefined)
  await put('POST', `/classes/${group?.id}/members`, { user_id: person?.user.id, role: 'student' })
  await put('POST', `/classes/${group?.id}/threads/${thread?.id}/messages`, { content: 'hello', client_id: randomUUID() })
  let named = 0
  await putEach(async (payload, at) => {
    const taken = await Promise.all([
      put('POST', `/classes/${group?.id}/threads`, { name: shortened(payload, 60) }),
      put('POST', '/me/tokens', { name: shortened(`${at} ${payload}`, 60) }),
    ])
    if (taken.every(Boolean)) named++
  })
  // A name holds nothing that cannot be seen, and names of threads differ.
  expect(named).toBeGreaterThanOrEqual(300)

  const { context, seen } = await admin(browser)
  const page = await context.newPage()
  await page.goto(`/c/${group?.id}/t/${thread?.id}`)
  await page.locator('article').last().waitFor()
  const inner = connect(innerPort)
  inner.resume()
  let shown = 0
  for (const [at, payload] of payloads.entries()) {
    const name = shortened(payload, 60)
    inner.write(`${JSON.stringify({ uid: me?.id, content: payload, stage: payload, [payload]: payload, percent: 50, task: name })}\n`)
    const taken = await Promise.all([
      put('PATCH', `/classes/${group?.id}`, { name, description: payload.slice(0, 500) }),
      put('PATCH', `/classes/${group?.id}/threads/${thread?.id}`, { name: shortened(`${at} ${payload}`, 60) }),
      put('PATCH', `/users/${person?.user.id}`, { name: shortened(`${at} ${payload}`, 60) }),
      put('POST', '/pushes', at % 2 ? { class_id: group?.id, content: payload } : { content: payload, task: name, percent: 50 }),
    ])
    if (taken[0]) shown++
    if (at % 5 === 0) await drawnFrames(page, 1)
    if (at % 50 === 0) expect(await foreignMarkup(page)).toEqual([])
  }
  inner.end()
  expect(shown).toBeGreaterThanOrEqual(300)
  expect(seen).toEqual(none)

  // What is not told live is read by these.
  for (const path of [
    '/', `/c/${group?.id}`, '/settings', '/settings/tokens', '/settings/sessions', '/admin/tokens', '/admin/log', '/admin/users', '/admin/classes',
    `/c/${group?.id}/manage`, `/c/${group?.id}/manage/codes`, `/c/${group?.id}/manage/about`,
  ]) {
    await page.goto(path)
    await page.getByRole('main').waitFor()
    await page.waitForTimeout(150)
    await page.keyboard.press('Control+k')
    await drawnFrames(page)
    expect(await foreignMarkup(page), path).toEqual([])
  }
  expect(seen).toEqual(none)
  await context.close()
})

test('threat 18: no file, report, earlier version, browser or server runs, loads or draws anything of its own by its name or words', async ({ browser }) => {
  const group = await put<{ id: number }>('POST', '/classes', { name: 'Biology' })
  const classId = group?.id ?? 0
  const thread = await put<{ id: number }>('POST', `/classes/${classId}/threads`, { name: 'Leaves' })
  const few = await put<{ id: number }>('POST', `/classes/${classId}/threads`, { name: 'Roots' })
  const path = `/classes/${classId}/threads/${thread?.id}/messages`
  const fewPath = `/classes/${classId}/threads/${few?.id}/messages`
  const [cai, dan] = [await student('Cai Lin', classId), await student('Dan Moe', classId)]
  // A name holds no path, and ends with what it is.
  const nameOf = (payload: string, kind: string) => `${shortened(payload.replace(/[/\\]/g, '∕').replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, ''), 110)}.${kind}`
  const send = (path: string, content: string, files: number[] = []) => put<{ id: number }>('POST', path, { content, files, client_id: randomUUID() }, cai)

  // Five at a time: a message that says them, with files of their names, and a report with a note.
  const fives = Array.from({ length: Math.ceil(writable.length / 5) }, (_, n) => writable.slice(n * 5, n * 5 + 5))
  let files = 0
  for (let at = 0; at < fives.length; at += 12) {
    await Promise.all(
      fives.slice(at, at + 12).map(async (five) => {
        const ids = await Promise.all(five.map((payload) => upload(classId, nameOf(payload, 'txt'), Buffer.from('x'), cai)))
        files += ids.filter(Boolean).length
        const message = await send(path, five.join('\n\n'), ids)
        expect(await put('POST', `${path}/${message?.id}/reports`, { reason: 'other', note: five.map((payload) => shortened(payload, 98)).join('\n') }, dan)).toBeDefined()
      }),
    )
  }
  expect(files).toBeGreaterThanOrEqual(300)
  const pictures = await Promise.all(writable.filter((_, at) => at % 32 === 0).slice(0, 10).map((payload) => upload(classId, nameOf(payload, 'png'), png(40, 30), cai)))
  const drawn = await send(fewPath, '', pictures)
  const changed = await Promise.all(
    [0, 1, 2, 3].map(async (quarter) => {
      const message = await send(fewPath, 'first')
      for (const [at, payload] of payloads.entries()) if (at % 4 === quarter) await put('PATCH', `${fewPath}/${message?.id}`, { content: payload }, cai)
      return message
    }),
  )
  const gone = await send(fewPath, 'gone', [await upload(classId, nameOf('<img src=x onerror=__xss(1)>', 'txt'), Buffer.from('x'), cai)])
  await put('DELETE', `${fewPath}/${gone?.id}`, undefined, cai)
  const agents = packed(writable.filter((one) => /^[ -~]+$/.test(one)), 200)
  for (let at = 0; at < agents.length; at += 4) await Promise.all(agents.slice(at, at + 4).map((agent) => enter('Ada Park', password, agent)))

  const { context, seen } = await admin(browser)
  const page = await context.newPage()
  const check = async (where: string) => {
    await drawnFrames(page)
    expect(await foreignMarkup(page), where).toEqual([])
  }
  const all = async (where: string, more: string, rows: string, many: number) => {
    const list = page.locator(rows)
    const button = page.getByRole('button', { name: more })
    for (let presses = 0; presses < 40 && (await list.count()) < many; presses++) {
      await expect(button).toBeEnabled()
      const before = await list.count()
      await button.click()
      // It is disabled until the rows are here, and gone with the last of them.
      await expect.poll(async () => (await list.count()) > before || (await button.count()) === 0).toBe(true)
    }
    await expect(list).toHaveCount(many)
    await check(where)
  }
  await page.goto(`/c/${classId}/t/${few?.id}`)
  for (const message of [...changed, gone]) {
    await page.locator(`article[data-key="m${message?.id}"] button.versions`).click()
    await expect(page.getByRole('dialog').locator('.versions li').first()).toBeVisible()
    await check('versions')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await page.locator(`article[data-key="m${drawn?.id}"] .tile`).first().click()
  for (let n = 1; n < pictures.length; n++) {
    await page.keyboard.press('ArrowRight')
    await check('pictures')
  }
  await page.goto(`/c/${classId}/t/${thread?.id}`)
  await page.locator('article').last().waitFor()
  await draw(page, fives.length, () => check('thread'))
  await page.getByRole('button', { name: 'Members and details' }).click()
  await all('files', 'Show older files', '.filed li', files)
  for (const path of [`/c/${classId}/manage/reports`, '/admin/reports']) {
    await page.goto(path)
    await page.locator('li.report').first().waitFor()
    await all(path, 'Show more', 'li.report', fives.length)
  }
  await page.goto('/settings/sessions')
  await expect(page.getByRole('listitem').filter({ hasText: '__xss' })).toHaveCount(agents.length)
  await check('sessions')
  expect(seen).toEqual(none)
  await context.close()

  const outside = await server.context(browser)
  const told = await watched(outside)
  const door = await outside.newPage()
  for (const path of ['/sign-in', '/join', '/setup']) {
    await door.goto(path)
    await expect(door.locator('.server')).toContainText(writable[0] ?? '')
    expect(await foreignMarkup(door), path).toEqual([])
  }
  expect(told).toEqual(none)
  await outside.close()
})

test('threat 19: no file runs that is opened at its own address', async ({ browser }) => {
  const group = await put<{ id: number }>('POST', '/classes', { name: 'Geography' })
  const { context, seen } = await admin(browser)
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('main').waitFor()
  for (const [name, content] of [
    ['page.txt', 'hello <script>__xss(1)</script>'],
    ['both.pdf', '%PDF-1.4\n<html><script>__xss(1)</script><img src=x onerror=__xss(1)>'],
  ] as const) {
    const id = await upload(group?.id ?? 0, name, Buffer.from(content), token)
    const kept = page.waitForEvent('download')
    await page.goto(`/api/v1/classes/${group?.id}/files/${id}/content`).catch(() => undefined) // it is kept, and no page
    expect((await kept).suggestedFilename()).toBe(name)
  }
  expect(seen).toEqual(none)
  await context.close()
})

test('threats 18, 20 and 21: no address and nothing that is typed runs, loads or draws anything of its own', async ({ browser }) => {
  const group = await put<{ id: number }>('POST', '/classes', { name: 'Choir' })
  const thread = await put<{ id: number }>('POST', `/classes/${group?.id}/threads`, { name: 'Songs' })
  const { context, seen } = await admin(browser)
  const page = await context.newPage()
  await page.goto('/join')
  await page.getByRole('main').waitFor()
  await page.evaluate(async (payloads) => {
    for (const hash of payloads.flatMap((text) => [`code=${encodeURIComponent(text)}`, text])) {
      location.hash = hash
      await new Promise((resolve) => setTimeout(resolve))
    }
  }, payloads)
  for (const path of ['/join#code=', '/setup#token=', '/sign-in?next=', '/nowhere/', '/c/1/t/1/m/', '/?next=']) {
    for (const payload of ['"><img src=x onerror=__xss(1)>', 'javascript:__xss(1)', '//evil.example']) {
      await page.goto(path + encodeURIComponent(payload))
      await page.locator('#app > *').first().waitFor()
      expect(new URL(page.url()).origin).toBe(server.url)
    }
  }
  await page.goto(`/c/${group?.id}/t/${thread?.id}`)
  const typed = payloads.join('\n')
  await composer(page).fill(typed)
  await expect.poll(() => page.evaluate(() => Object.values(localStorage))).toContain(typed)
  await page.reload() // the draft is back
  await expect(composer(page)).toHaveValue(typed)
  expect(await foreignMarkup(page)).toEqual([])
  expect(seen).toEqual(none)
  await context.close()
})
