import { expect, test } from '@playwright/test'
import { composer, fast, type Room, said, School, write } from './school'

test.use({ serviceWorkers: 'allow' })

let school: School
let room: Room
test.beforeAll(async () => {
  school = await School.open()
  room = await school.room()
})
test.afterAll(() => school.close())

test('what is written offline survives a reload and arrives once and in order', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  await room.say('Ann', 'Before the network went')
  const bob = await room.open(context)
  await expect(said(bob, 'Before the network went')).toBeVisible()
  // The worker keeps the page itself for the reload.
  await bob.evaluate(async () => void (await navigator.serviceWorker.ready))

  await context.setOffline(true)
  for (const text of ['one', 'two', 'three']) await write(bob, text)
  await expect(bob.getByRole('img', { name: 'Sending' })).toHaveCount(3)
  await expect(bob.getByText('Offline: 3 messages will be sent')).toBeVisible()

  await bob.reload()
  await composer(bob).waitFor()
  await expect(said(bob, 'Before the network went')).toBeVisible()
  await expect(bob.getByRole('img', { name: 'Sending' })).toHaveCount(3)
  await write(bob, 'four')
  // A page that was opened offline may be told by Chromium that it is online.
  await expect(bob.getByText('4 messages will be sent')).toBeVisible()

  await room.say('Ann', 'Said meanwhile')
  await context.setOffline(false)
  await expect(bob.getByRole('img', { name: 'Sending' })).toHaveCount(0, { timeout: 30_000 })
  await expect(bob.locator('.body')).toHaveText(['Before the network went', 'Said meanwhile', 'one', 'two', 'three', 'four'])
  expect(await room.contents()).toEqual(['Before the network went', 'Said meanwhile', 'one', 'two', 'three', 'four'])
  await context.close()
})

test('what was written in a tab that was killed is sent by the next one, once', async ({ browser }) => {
  // A worker dies with the tab, and Playwright waits for ever for its word on being online again.
  const context = await school.browser(browser, 'Bob', { serviceWorkers: 'block' })
  const tab = await room.open(context)
  const before = (await room.contents()).length
  await context.setOffline(true)
  for (const text of ['last words', 'and one more']) {
    await write(tab, text)
    await expect(said(tab, text)).toBeVisible()
  }
  await expect(tab.getByText('Offline: 2 messages will be sent')).toBeVisible()
  const client = await context.newCDPSession(tab)
  const crashed = tab.waitForEvent('crash')
  void client.send('Page.crash').catch(() => {})
  await crashed
  await tab.close()
  await context.setOffline(false)
  const next = await context.newPage()
  await next.goto(room.path)
  await expect.poll(async () => (await room.contents()).slice(before), { timeout: 30_000 }).toEqual(['last words', 'and one more'])
  await expect(next.getByRole('img', { name: 'Sending' })).toHaveCount(0)
  await context.close()
})

test('two tabs that were offline send everything once, in the order of writing', async ({ browser }) => {
  const context = await school.browser(browser, 'Cai')
  const first = await room.open(context)
  const second = await room.open(context)
  const before = (await room.contents()).length
  await context.setOffline(true)
  const texts = Array.from({ length: 10 }, (_, n) => `cai ${n}`)
  for (const [n, text] of texts.entries()) {
    await write(n % 2 ? second : first, text)
    // Each is on the shelf, and so in its place, before the next is written.
    await expect(said(n % 2 ? first : second, text)).toBeVisible()
  }
  await context.setOffline(false)
  await expect.poll(async () => (await room.contents()).length, { timeout: 40_000 }).toBe(before + texts.length)
  expect((await room.contents()).slice(before)).toEqual(texts)
  for (const page of [first, second]) await expect(page.getByRole('img', { name: 'Sending' })).toHaveCount(0)
  await context.close()
})

test('fifty messages in a row, faster than is allowed, all arrive once and in order', async ({ browser }) => {
  const quick = await School.open(...fast, '--send-burst=10', '--sends-per-second=20')
  const hall = await quick.room()
  const context = await quick.browser(browser, 'Bob')
  const bob = await hall.open(context)
  const texts = Array.from({ length: 50 }, (_, n) => `message ${n}`)
  for (const text of texts) await write(bob, text)
  await expect.poll(async () => (await hall.contents()).length, { timeout: 40_000 }).toBe(50)
  expect(await hall.contents()).toEqual(texts)
  await expect(bob.getByRole('img', { name: 'Sending' })).toHaveCount(0)
  await context.close()
  await quick.close()
})

test('Markdown that was written before its renderer was here is rendered when the network is back', async ({ browser }) => {
  const context = await school.browser(browser, 'Cai')
  await context.route('**/assets/markdown-*', (route) => route.abort('internetdisconnected'))
  const cai = await room.open(context)
  await context.setOffline(true)
  await write(cai, 'a **bold** word')
  await expect(said(cai, 'a **bold** word')).toBeVisible()
  await context.unroute('**/assets/markdown-*')
  await context.setOffline(false)
  await expect(cai.locator('.body strong', { hasText: 'bold' })).toBeVisible({ timeout: 30_000 })
  await context.close()
})

test('a draft waits in its thread, and no longer than its writer is signed in', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  const bob = await room.open(context)
  await composer(bob).fill('half a thou')
  await bob.waitForTimeout(600)
  await bob.reload()
  await expect(composer(bob)).toHaveValue('half a thou')

  const other = await room.open(context)
  await expect(composer(other)).toHaveValue('half a thou')
  await other.getByRole('button', { name: 'Menu of Bob' }).click()
  await other.getByRole('menuitem', { name: 'Sign out' }).click()
  for (const page of [other, bob]) await page.waitForURL('**/sign-in**')
  expect(await bob.evaluate(() => JSON.stringify(localStorage))).not.toContain('half a thou')
  await context.close()
})

test('who signs out while something waits to be sent is asked first', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  await context.routeWebSocket('**', (socket) => socket.close())
  const bob = await context.newPage()
  await bob.goto(room.path)
  await write(bob, 'on its way')
  await expect(bob.getByRole('img', { name: 'Sending' })).toBeVisible()
  await bob.getByRole('button', { name: 'Menu of Bob' }).click()
  await bob.getByRole('menuitem', { name: 'Sign out' }).click()
  const dialog = bob.getByRole('dialog', { name: 'Sign out?' })
  await expect(dialog).toContainText('1 message has not been sent yet')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await bob.getByRole('button', { name: 'Menu of Bob' }).click()
  await bob.getByRole('menuitem', { name: 'Sign out' }).click()
  await dialog.getByRole('button', { name: 'Sign out' }).click()
  await bob.waitForURL('**/sign-in**')
  await context.close()
})
