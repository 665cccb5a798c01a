import { expect, test, type Page } from '@playwright/test'
import { found } from './axe'
import { School, type Room } from './school'

let school: School
let room: Room
test.beforeAll(async () => {
  school = await School.open()
  room = await school.room()
  const first = await room.say('Ann', '# Title\n\nText with `code`, a [link](https://example.org/a) and ![a picture](https://example.org/b.png)\n\n```js\nlet a = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |')
  await room.say('Bob', 'An answer', first.id)
  const gone = await room.say('Bob', 'gone')
  const at = `/classes/${room.classId}/threads/${room.threadId}`
  await school.as('Bob', 'DELETE', `${at}/messages/${gone.id}`)
  await school.as('Cai', 'PUT', `${at}/messages/${first.id}/reactions/${encodeURIComponent('🎉')}`)
  await school.as('Ann', 'PUT', `${at}/pin`, { message_id: first.id })
})
test.afterAll(() => school.close())

/** Fails on any request to another host and on anything that the policy stops. */
function watch(page: Page, wrong: string[]): void {
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== school.url.replace(/^ws/, 'http') && url.host !== new URL(school.url).host) wrong.push(request.url())
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && !/401|Failed to load resource/.test(message.text())) wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(String(error)))
}

async function clean(page: Page): Promise<void> {
  await page.waitForTimeout(400)
  await expect.poll(() => found(page)).toEqual([])
}

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

test('axe finds what is wrong', async ({ browser }) => {
  const page = await browser.newPage({ baseURL: school.url })
  await page.goto('/sign-in')
  await page.getByRole('main').waitFor()
  await page.evaluate(() => {
    const wrong = document.createElement('div')
    const pale = document.createElement('p')
    pale.textContent = 'pale'
    pale.style.cssText = 'color: #ccc; background: #fff'
    wrong.append(document.createElement('button'), pale)
    document.querySelector('main')?.append(wrong)
  })
  const wrong = (await found(page)).map((one) => one.split(':')[0])
  expect(wrong).toContain('button-name')
  expect(wrong).toContain('color-contrast')
  await page.close()
})

const views = [
  { path: '/sign-in', who: undefined },
  { path: '/join', who: undefined },
  { path: '/join#code=ABCD-EFGH', who: 'Bob' },
  { path: '/setup', who: undefined },
  { path: '/nowhere', who: undefined },
  { path: '/settings', who: 'Bob' },
  { path: '/settings/sessions', who: 'Bob' },
  { path: '/settings/tokens', who: 'Bob' },
  { path: '/c/:class/manage', who: 'Ann' },
  { path: '/c/:class/t/:thread', who: 'Ann' },
  { path: '/c/:class/t/:thread', who: 'Bob' },
  { path: '/c/:class', who: 'Eve' },
] as const

for (const { path, who } of views) {
  test(`${path} as ${who ?? 'nobody'} has nothing that axe finds in light and dark, and asks no other host`, async ({ browser }) => {
    const options = { colorScheme: 'light', reducedMotion: 'reduce' } as const
    const context = who ? await school.browser(browser, who, options) : await browser.newContext({ baseURL: school.url, ...options })
    const page = await context.newPage()
    const wrong: string[] = []
    watch(page, wrong)
    await page.goto(path.replace(':class', String(room.classId)).replace(':thread', String(room.threadId)))
    await page.getByRole('main').first().waitFor()
    await clean(page)
    const light = await background(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => background(page)).not.toBe(light)
    await clean(page)
    expect(wrong).toEqual([])
    await context.close()
  })
}

test('a phone shows classes, threads and a conversation with nothing that axe finds', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' })
  const page = await context.newPage()
  for (const path of ['/', `/c/${room.classId}`, room.path]) {
    await page.goto(path)
    await page.getByRole('main').first().waitFor()
    await clean(page)
  }
  await context.close()
})

test('what lies over the chat has nothing that axe finds, in Chinese as well', async ({ browser }) => {
  const context = await school.browser(browser, 'Ann', { locale: 'zh-CN', reducedMotion: 'reduce' })
  const page = await room.open(context)
  const wrong: string[] = []
  watch(page, wrong)
  await page.getByRole('button', { name: '成员和详情' }).click()
  await clean(page)
  await page.keyboard.press('Control+k')
  await clean(page)
  await page.keyboard.press('Escape')
  await page.locator('article').first().hover()
  await page.locator('article').first().getByRole('button', { name: '添加回应' }).click()
  await expect(page.getByPlaceholder('搜索表情')).toBeVisible()
  await page.getByPlaceholder('搜索表情').fill('笑')
  await clean(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '话题菜单' }).click()
  await clean(page)
  await page.keyboard.press('Escape')
  await page.locator('article').first().focus()
  await page.keyboard.press('?')
  await clean(page)
  expect(wrong).toEqual([])
  await context.close()
})

test('pictures from elsewhere are links, and links tell their target nothing', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  const page = await room.open(context)
  await expect(page.locator('.body img')).toHaveCount(0)
  const link = page.locator('.body a', { hasText: 'a picture' })
  await expect(link).toHaveAttribute('href', 'https://example.org/b.png')
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  await context.close()
})
