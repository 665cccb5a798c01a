import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { found } from './axe'
import { call, password, Server, signIn } from './server'

let server: Server
let innerPort: number
let secret: string

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

test.beforeAll(async ({ browser }) => {
  innerPort = await freePort()
  server = await Server.open('--push-listen', `127.0.0.1:${innerPort}`, '--logins-per-address', '1000')
  const context = await server.context(browser)
  const page = await context.newPage()
  await server.setUp(page)
  secret = (await call<{ secret: string }>(page, 'POST', '/me/tokens', { name: 'build server', scopes: ['push'] })).secret
  for (const name of ['Bob Ray', 'Cai Wen', 'Eve Stone', 'Dan Fox']) await call(page, 'POST', '/users', { name, role: 'student', password })
  await call(page, 'POST', '/classes', { name: 'Physics 9b' })
  for (const name of ['Bob Ray', 'Cai Wen']) await call(page, 'POST', '/classes/1/members', { name, role: 'student' })
  await call(page, 'POST', '/classes/1/threads', { name: 'Homework' })
  await context.close()
})
test.afterAll(() => server.close())

/** What the other system does: one POST with its token. */
async function push(body: object): Promise<{ result: string; reached: number }> {
  const answer = await fetch(`${server.url}/api/v1/pushes`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as { result: string; reached: number }
}

/** A line at the inner port, and its answer. */
async function line(object: object): Promise<string> {
  const socket = connect(innerPort, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`${JSON.stringify(object)}\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer.toString()
}

/** A page of the user that is connected: a push would reach it. */
async function here(context: BrowserContext, name: string, path = '/settings'): Promise<Page> {
  const page = await context.newPage()
  const live = page.waitForEvent('websocket', (socket) => socket.url().endsWith('/ws')).then((socket) => socket.waitForEvent('framereceived', (frame) => String(frame.payload).includes('"hello"')))
  await signIn(page, name)
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await live
  await page.goto(path)
  await expect.poll(() => page.evaluate(async () => ((await (await fetch('/api/v1/online')).json()) as { users: number }).users)).toBeGreaterThan(0)
  return page
}

/** Pushes until it is heard: the page may still be connecting. */
async function reach(body: object): Promise<void> {
  await expect.poll(async () => (await push(body)).result).toBe('ok')
}

const cards = (page: Page) => page.locator('.stack .card')
const bell = (page: Page) => page.getByRole('button', { name: /^Notices/ })

async function clean(page: Page): Promise<void> {
  await expect.poll(() => found(page)).toEqual([])
}

test('a push is a notice that is dismissed, and found again in the list', async ({ browser }) => {
  const context = await server.context(browser)
  const page = await here(context, 'Bob Ray')
  await reach({ to: 'Bob Ray', content: 'The build is done' })
  await expect(cards(page)).toHaveCount(1)
  await expect(cards(page)).toHaveText(['The build is done'])
  await expect(page.getByRole('status').filter({ hasText: 'Notice: The build is done' })).toHaveCount(1)
  await expect(bell(page)).toHaveAccessibleName('Notices, 1 new')

  await cards(page).getByRole('button', { name: 'Dismiss' }).click()
  await expect(cards(page)).toHaveCount(0)
  await expect(bell(page)).toHaveAccessibleName('Notices')
  await bell(page).click()
  const list = page.getByRole('dialog', { name: 'Notices' })
  await expect(list.getByRole('listitem')).toHaveText(/The build is done/)
  await page.keyboard.press('Escape')
  await expect(bell(page)).toBeFocused()

  // The list is there after a reload, and what was dismissed stays so.
  await page.reload()
  await bell(page).click()
  await expect(list.getByRole('listitem')).toHaveText(/The build is done/)
  await expect(cards(page)).toHaveCount(0)
  await list.getByRole('button', { name: 'Clear list' }).click()
  await expect(list.getByText('No notices yet.')).toBeVisible()
  await context.close()
})

test('pushes of one task move one bar, which completes, fades and stays in the list', async ({ browser }) => {
  const context = await server.context(browser)
  const page = await here(context, 'Bob Ray')
  await reach({ to: 'Bob Ray', task: 'export', content: 'Reading', percent: 10 })
  const bar = cards(page).getByRole('progressbar', { name: 'export' })
  await expect(bar).toHaveAttribute('aria-valuenow', '10')
  for (const percent of [35, 60.5, 88]) {
    expect(await push({ to: 'Bob Ray', task: 'export', content: `At ${percent}`, percent })).toMatchObject({ result: 'ok' })
    await expect(bar).toHaveAttribute('aria-valuenow', String(Math.floor(percent)))
    await expect(cards(page)).toHaveCount(1)
    await expect(cards(page)).toContainText(`At ${percent}`)
  }
  await push({ to: 'Bob Ray', task: 'export', content: 'Here it is', percent: 100 })
  await expect(bar).toHaveAttribute('aria-valuenow', '100')
  await expect(page.getByRole('status').filter({ hasText: 'export is done' })).toHaveCount(1)
  await expect(cards(page)).toHaveCount(0)
  await bell(page).click()
  const row = page.getByRole('dialog', { name: 'Notices' }).getByRole('listitem')
  await expect(row).toHaveCount(1)
  await expect(row).toContainText('100')
  await expect(row).toContainText('Here it is')
  await context.close()
})

test('two tasks are two bars, and many notices leave the page usable', async ({ browser }) => {
  const context = await server.context(browser)
  const page = await here(context, 'Bob Ray')
  const long = 'a-task-whose-id-is-as-long-as-an-id-may-be-and-holds-no-blank-aa'
  await reach({ to: 'Bob Ray', task: long, content: 'x'.repeat(300), percent: 3 })
  for (let n = 0; n < 20; n++) await push({ to: 'Bob Ray', task: `task ${n}`, content: 'going', percent: n })
  await expect(cards(page)).toHaveCount(3)
  await expect(page.getByRole('button', { name: '18 more notices' })).toBeVisible()
  await push({ to: 'Bob Ray', task: long, content: 'x'.repeat(300), percent: 4 })
  for (const card of [...(await cards(page).all()), page.locator('.stack')]) {
    const box = await card.boundingBox()
    const side = await page.locator('.side').boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((side?.x ?? 0) + (side?.width ?? 0))
  }
  await page.getByRole('button', { name: '18 more notices' }).click()
  await expect(page.getByRole('dialog', { name: 'Notices' }).getByRole('listitem')).toHaveCount(21)
  await context.close()
})

test('what is pushed is text, in the content, the task and the object of the inner port', async ({ browser }) => {
  const context = await server.context(browser)
  const page = await here(context, 'Bob Ray')
  const wrong: string[] = []
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text())
  })
  const evil = '<img src=x onerror=alert(1)><script>alert(2)</script><a href="javascript:alert(3)">x</a>'
  await reach({ to: 'Bob Ray', content: evil })
  await expect(cards(page).first()).toContainText(evil)
  await push({ to: 'Bob Ray', task: '"><svg onload=alert(4)>', content: evil, percent: 5 })
  await expect(cards(page).last()).toContainText('"><svg onload=alert(4)>')
  const id = await page.evaluate(async () => ((await (await fetch('/api/v1/me')).json()) as { id: number }).id)
  expect(await line({ uid: id, stage: evil, '<b>key</b>': '{{ 7 * 7 }}' })).toBe('ok\n')
  await expect(cards(page).last()).toContainText('<b>key</b>: {{ 7 * 7 }}')
  await bell(page).click()
  const list = page.getByRole('dialog', { name: 'Notices' })
  await expect(list.getByRole('listitem')).toHaveCount(3)
  await expect(page.locator('.card :is(img, script, a, b, svg[onload]), .notices-panel li :is(img, script, a, b, svg[onload])')).toHaveCount(0)
  expect(wrong).toEqual([])
  await context.close()
})

test('a push that is kept is shown at the next sign-in, once', async ({ browser }) => {
  expect(await push({ to: 'Dan Fox', content: 'While you were away', keep: true })).toMatchObject({ result: 'offline', reached: 0 })
  const context = await server.context(browser)
  const page = await context.newPage()
  await signIn(page, 'Dan Fox')
  await expect(cards(page)).toHaveText(['While you were away'])
  await page.goto('/settings')
  await expect(cards(page)).toHaveText(['While you were away'])
  const other = await server.context(browser)
  const second = await here(other, 'Dan Fox')
  await expect.poll(async () => (await push({ to: 'Dan Fox', task: 'now', content: 'Now', percent: 1 })).reached).toBe(2)
  await expect(cards(second)).toHaveCount(1)
  await expect(cards(second)).toContainText('Now')
  await expect(cards(page)).toHaveCount(2)
  await other.close()
  await context.close()
})

test('what is dismissed in one tab is dismissed in the other, and nobody else is told', async ({ browser }) => {
  const context = await server.context(browser)
  const page = await here(context, 'Bob Ray')
  const tab = await context.newPage()
  await tab.goto('/settings/tokens')
  const others = await server.context(browser)
  const cai = await here(others, 'Cai Wen')
  await expect.poll(async () => (await push({ to: 'Bob Ray', content: 'For Bob', task: 'one' })).reached).toBe(2)
  await expect(cards(tab)).toHaveCount(1)
  await cards(page).getByRole('button', { name: 'Dismiss' }).click()
  // Of a tab that nobody looks at the browser draws nothing, so nothing fades there.
  await tab.bringToFront()
  await expect(cards(tab)).toHaveCount(0)
  await page.bringToFront()
  await push({ class_id: 1, content: 'For the class' })
  await expect(cards(cai)).toHaveText(['For the class'])
  await expect(cards(page)).toHaveText(['For the class'])
  await others.close()
  await context.close()
})

test('a page listens for a task that is no user’s, until it is told to stop', async ({ browser }) => {
  const context = await server.context(browser)
  const page = await here(context, 'Eve Stone')
  expect(await line({ uid: 'nightly-backup', percent: '12%' })).toBe('fail\n')
  await bell(page).click()
  const list = page.getByRole('dialog', { name: 'Notices' })
  await list.getByRole('button', { name: 'Watch a task' }).click()
  await list.getByLabel('Task id').fill('nightly-backup')
  await list.getByRole('button', { name: 'Watch', exact: true }).click()
  await expect(list.getByText('nothing yet')).toBeVisible()
  await expect.poll(() => line({ uid: 'nightly-backup', percent: '12%' })).toBe('ok\n')
  await expect(list.locator('.watch')).toContainText('12')
  await expect(list.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '12')

  // After a reload it goes on; after "Stop" nothing comes any more.
  await page.reload()
  await expect.poll(() => line({ uid: 'nightly-backup', percent: '60%' })).toBe('ok\n')
  await expect(cards(page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '60')
  await bell(page).click()
  await list.getByRole('button', { name: 'Stop watching nightly-backup' }).click()
  await expect.poll(() => line({ uid: 'nightly-backup', percent: '70%' })).toBe('fail\n')
  await context.close()
})

test('the page says how many are online, as they come and go', async ({ browser }) => {
  const context = await server.context(browser)
  const page = await here(context, 'Bob Ray', '/c/1/t/1')
  await expect(page.locator('header .online')).toHaveText('1 online')
  const others = await server.context(browser)
  await here(others, 'Cai Wen')
  await expect(page.locator('header .online')).toHaveText('2 online')
  await others.close()
  await expect(page.locator('header .online')).toHaveText('1 online')
  await context.close()
})

test('on a phone a notice is one bar below the sections, and puts itself away', async ({ browser }) => {
  const context = await server.context(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const page = await here(context, 'Bob Ray')
  await reach({ to: 'Bob Ray', task: 'export', content: 'Reading', percent: 10 })
  const bar = page.getByRole('region', { name: 'Notices' })
  await expect(bar).toContainText('export · Reading')
  const nav = await page.getByRole('navigation', { name: 'Sections' }).boundingBox()
  // It slides down to its place.
  await expect.poll(async () => (await bar.boundingBox())?.y ?? 0).toBeGreaterThanOrEqual((nav?.y ?? 0) + (nav?.height ?? 0))
  await clean(page)
  await expect(bar).toBeHidden({ timeout: 15_000 })
  await expect(bell(page)).toHaveAccessibleName('Notices, 1 new')
  await context.close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in notices, their list and the figures in ${colorScheme}`, async ({ browser }) => {
    const context = await server.context(browser, { colorScheme })
    const page = await here(context, 'Ada Park', '/admin/figures')
    await expect(page.locator('canvas').first()).toBeVisible({ timeout: 20_000 })
    await reach({ to: 'Ada Park', content: 'The build is done' })
    await push({ to: 'Ada Park', task: 'export', content: 'Reading', percent: 40 })
    await expect(cards(page)).toHaveCount(2)
    await clean(page)
    await bell(page).click()
    await page.getByRole('button', { name: 'Watch a task' }).click()
    await clean(page)
    await context.close()
  })
}
