import { expect, test } from '@playwright/test'
import { composer, type Room, said, School, write } from './school'

let school: School
let room: Room
test.beforeAll(async () => {
  school = await School.open()
  room = await school.room()
  await room.say('Ann', 'Hello phones')
})
test.afterAll(() => school.close())

test('on a phone one pane shows at a time, with a way back', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('link', { name: /Physics 9b/ }).tap()
  await expect(page).toHaveURL(new RegExp(`/c/${room.classId}$`))
  await page.getByRole('link', { name: /Homework/ }).tap()
  await expect(said(page, 'Hello phones')).toBeVisible()
  await expect(page.getByRole('link', { name: /Physics 9b/ })).toHaveCount(0)
  await write(page, 'Hello from a phone')
  await expect(said(page, 'Hello from a phone')).toBeVisible()

  // Nothing is wider than the screen, and the field is within it.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  const box = await composer(page).boundingBox()
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844)

  // Everything that is pressed is large enough for a finger.
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, a')]
      .filter((one) => !one.closest('.body') && one.getClientRects().length > 0)
      .map((one) => ({ name: one.getAttribute('aria-label') ?? one.textContent?.trim() ?? '', box: one.getBoundingClientRect() }))
      .filter(({ box: { width, height } }) => width < 44 || height < 34)
      .map(({ name, box: { width, height } }) => `${name} ${Math.round(width)}x${Math.round(height)}`),
  )
  expect(small).toEqual([])

  await page.getByRole('link', { name: 'Back to the threads' }).tap()
  await page.getByRole('link', { name: 'Back to the classes' }).tap()
  await expect(page).toHaveURL(/\/$/)
  await page.goBack()
  await expect(page).toHaveURL(new RegExp(`/c/${room.classId}$`))
  await context.close()
})

test('on a phone the details are a place that the back of the browser leaves', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await page.goto(`/c/${room.classId}`)
  await page.getByRole('link', { name: /Homework/ }).tap()
  const details = page.getByRole('complementary', { name: 'Details' })
  await page.getByRole('button', { name: 'Members and details' }).tap()
  await expect(details).toBeVisible()
  await page.goBack()
  await expect(details).toHaveCount(0)
  await expect(composer(page)).toBeVisible()

  await page.getByRole('button', { name: 'Members and details' }).tap()
  await details.getByRole('button', { name: 'Close' }).tap()
  await expect(details).toHaveCount(0)
  await page.goBack()
  await expect(page).toHaveURL(new RegExp(`/c/${room.classId}$`))
  await context.close()
})

test('a long press brings the actions of a message', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const page = await room.open(context)
  const row = page.locator('article', { hasText: 'Hello phones' })
  const box = await row.boundingBox()
  if (!box) throw new Error('no row')
  const client = await context.newCDPSession(page)
  const touchPoints = [{ x: box.x + 100, y: box.y + box.height - 12 }]
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  await expect(page.getByRole('dialog')).toBeVisible()
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await page.getByRole('button', { name: 'Reply' }).tap()
  await expect(page.getByText('Replying to Ann')).toBeVisible()
  await context.close()
})
