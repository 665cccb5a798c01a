import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { found } from './axe'
import { call, password, Server, signIn } from './server'

let server: Server
test.beforeAll(async ({ browser }) => {
  server = await Server.open()
  const context = await server.context(browser)
  const page = await context.newPage()
  await server.setUp(page)
  await call(page, 'POST', '/classes', { name: 'Physics 9b' })
  for (const name of ['Bob Ray', '王小明']) await call(page, 'POST', '/users', { name, role: 'student', password })
  await call(page, 'POST', '/classes/1/members', { name: 'Bob Ray', role: 'student' })
  await call(page, 'POST', '/classes/1/threads', { name: 'Homework' })
  const bob = await (await server.context(browser)).newPage()
  await signIn(bob, 'Bob Ray')
  await bob.waitForURL((url) => url.pathname !== '/sign-in')
  await call(bob, 'POST', '/classes/1/threads/1/messages', { content: 'nobody likes you' })
  await bob.context().close()
  await call(page, 'POST', '/classes/1/threads/1/messages/1/reports', { reason: 'bullying', note: 'since Monday' })
  await call(page, 'PATCH', '/classes/1/members/2', { muted_until: new Date(Date.now() + 86_400_000).toISOString() })
  await call(page, 'POST', '/classes/1/codes', { role: 'student' })
  await call(page, 'POST', '/me/tokens', { name: 'timetable script' })
  await context.close()
})
test.afterAll(() => server.close())

async function clean(page: Page): Promise<void> {
  await page.waitForTimeout(100)
  await expect.poll(() => found(page)).toEqual([])
  // Nothing is wider than the window.
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
}

const open = ['/sign-in', '/join', '/setup', '/nowhere']
const own = ['/settings', '/settings/sessions', '/settings/tokens', '/c/1/manage', '/c/1/manage/codes', '/c/1/manage/reports', '/c/1/manage/about', '/admin/users', '/admin/classes', '/admin/reports', '/admin/tokens', '/admin/figures', '/admin/log', '/join']

/** Goes there as a link of the page's own does: axe is read once for all of them. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((path) => {
    history.pushState(null, '', path)
    dispatchEvent(new PopStateEvent('popstate'))
  }, path)
  await page.getByRole('heading', { level: own.includes(path) && path !== '/join' ? 2 : 1 }).first().waitFor()
  expect(new URL(page.url()).pathname).toBe(path)
}

const looks = {
  en: [['light', 1440], ['dark', 390]],
  'zh-CN': [['dark', 1440], ['light', 1024], ['light', 390]],
} as const

for (const language of ['en', 'zh-CN'] as const) {
  test(`axe finds nothing on any page in ${language}, light and dark, wide and narrow`, async ({ browser }) => {
    test.setTimeout(180_000)
    const context: BrowserContext = await server.context(browser, { reducedMotion: 'reduce' })
    const page = await context.newPage()
    const look = async (paths: readonly string[]) => {
      await page.evaluate((language) => localStorage.setItem('homeroom.language', language), language)
      await page.reload()
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      for (const path of paths) {
        await go(page, path)
        for (const [colorScheme, width] of looks[language]) {
          await page.emulateMedia({ colorScheme })
          await page.setViewportSize({ width, height: 844 })
          await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
          await clean(page)
        }
      }
    }
    await page.goto('/sign-in')
    await look(open)
    await page.evaluate(() => localStorage.setItem('homeroom.language', 'en'))
    await page.goto('/sign-in')
    await signIn(page, 'Ada Park')
    await page.waitForURL((url) => url.pathname !== '/sign-in')
    await look(own)
    await context.close()
  })
}

test('axe finds nothing in what lies over the pages, and Esc gives the focus back', async ({ browser }) => {
  test.setTimeout(120_000)
  const page = await (await server.context(browser)).newPage()
  await signIn(page, 'Ada Park')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  for (const [path, button] of [
    ['/settings/tokens', 'Make a token'],
    ['/settings/tokens', 'Revoke timetable script'],
    ['/c/1/manage/codes', 'Make a code'],
    ['/c/1/manage/codes', 'Show large'],
    ['/c/1/manage/codes', 'Revoke'],
    ['/c/1/manage/reports', 'Resolve…'],
    ['/c/1/manage/about', 'Archive the class'],
    ['/c/1/manage/about', 'Delete the class'],
    ['/c/1/manage', 'Add several at once…'],
    ['/admin/users', 'New user'],
    ['/admin/users', 'Several users'],
    ['/admin/classes', 'Add an owner to Physics 9b'],
  ] as const) {
    await page.goto(path)
    await page.getByRole('button', { name: button }).first().click()
    await page.getByRole('dialog').waitFor()
    await clean(page)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
    await expect(page.getByRole('button', { name: button }).first()).toBeFocused()
  }
})

test('a member is added from the keyboard alone', async ({ browser }) => {
  const page = await (await server.context(browser)).newPage()
  await signIn(page, 'Ada Park')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.goto('/c/1/manage')
  await page.getByRole('combobox', { name: 'Add somebody by name' }).focus()
  await page.keyboard.type('王')
  await expect(page.getByRole('option', { name: '王小明' })).toBeVisible()
  await clean(page)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Add somebody by name' })).toHaveValue('王小明')
  await page.keyboard.press('Enter')
  await expect(page.getByText('王小明 is in the class')).toBeVisible()
  await expect(page.getByText('3 members')).toBeVisible()
  await page.keyboard.type('Nobody Such')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText(/Nobody here has this name/)
})

test('a student is told that the staff manage a class, and a stranger that it is not theirs', async ({ browser }) => {
  const bob = await (await server.context(browser)).newPage()
  await signIn(bob, 'Bob Ray')
  await bob.waitForURL((url) => url.pathname !== '/sign-in')
  await bob.goto('/c/1/manage')
  await expect(bob.getByText('Only the staff of this class manage it.')).toBeVisible()
  await clean(bob)
  await bob.goto('/c/99/manage')
  await expect(bob.getByRole('main')).toContainText(/not in this class|does not exist/)
})
