import { expect, test } from '@playwright/test'
import { composer, type Room, said, School } from './school'

let school: School
let room: Room
test.beforeAll(async () => {
  school = await School.open()
  room = await school.room()
  await school.room('Chemistry', 'Lab safety')
  await room.say('Ann', 'first')
  await room.say('Bob', 'second')
})
test.afterAll(() => school.close())

test('the palette goes to any thread, class or person by keyboard alone', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  const page = await room.open(context)
  await composer(page).focus()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('safety')
  await expect(page.getByRole('option').first()).toContainText('Lab safety')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Lab safety', level: 1 })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('Cai')
  await expect(page.getByRole('option').first()).toContainText('Cai')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(composer(page)).toBeFocused()
  await context.close()
})

test('arrows go through messages, their keys act, and ? shows the keys', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  const page = await room.open(context)
  await expect(said(page, 'second')).toBeVisible()
  await page.locator('article', { hasText: 'second' }).focus()
  await page.keyboard.press('ArrowUp')
  await expect(page.locator('article', { hasText: 'first' })).toBeFocused()
  await page.keyboard.press('r')
  await expect(page.getByText('Replying to Ann')).toBeVisible()
  await expect(composer(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByText('Replying to Ann')).toHaveCount(0)

  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('textbox', { name: 'Edit the message' })).toHaveValue('second')
  await page.keyboard.press('Escape')

  await page.locator('article', { hasText: 'second' }).focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.locator('article', { hasText: 'second' })).toBeFocused()
  await context.close()
})

test('what is copied of a message can be pasted', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  const page = await room.open(context)
  const message = page.locator('article', { hasText: 'first' })
  await message.hover()
  await message.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Copy text' }).click()
  await expect(page.getByText('Copied')).toBeVisible()
  await composer(page).click()
  await page.keyboard.press('Control+v')
  await expect(composer(page)).toHaveValue('first')
  await context.close()
})

test('one’s last message is edited also where it is out of view, and its new text stays', async ({ browser }) => {
  const long = await school.room('Biology', 'Essays')
  await long.say('Bob', 'mine')
  const context = await school.browser(browser, 'Bob')
  const page = await long.open(context)
  await expect(said(page, 'mine')).toBeVisible()
  for (const name of ['Leaves', 'Roots', 'Seeds']) await long.say('Ann', [name, ...Array<string>(60).fill('and more')].join('\n\n'))
  const editor = page.getByRole('textbox', { name: 'Edit the message' })
  for (const text of ['mine', 'half a thought']) {
    await expect(said(page, 'Seeds')).toBeVisible()
    await expect(said(page, 'mine')).toHaveCount(0)
    await expect(page.getByRole('link', { name: 'Essays', exact: true })).toBeVisible()
    await composer(page).press('ArrowUp')
    await expect(editor).toBeInViewport()
    await expect(editor).toBeFocused()
    await expect(editor).toHaveValue(text)
    await editor.fill('half a thought')
    await composer(page).press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.keyboard.type('safety')
    await expect(page.getByRole('option').first()).toContainText('Lab safety')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Lab safety', level: 1 })).toBeVisible()
    await page.goBack()
  }
  await context.close()
})

test('the field grows to eight lines and no further', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  const page = await room.open(context)
  const height = async () => (await composer(page).boundingBox())?.height ?? 0
  const one = await height()
  await composer(page).focus()
  for (let n = 0; n < 7; n++) await page.keyboard.press('Shift+Enter')
  const eight = await height()
  for (let n = 0; n < 7; n++) await page.keyboard.press('Shift+Enter')
  expect(eight).toBeGreaterThan(one + 6 * 20)
  expect(await height()).toBeCloseTo(eight, 0)
  await composer(page).fill('')
  expect(await height()).toBeCloseTo(one, 0)

  // In a narrower window the same text needs more lines, and shows them.
  await composer(page).fill('word '.repeat(20))
  const wide = await height()
  await page.setViewportSize({ width: 480, height: 800 })
  await expect.poll(height).toBeGreaterThan(wide + 20)
  await context.close()
})

test('a dialog that does not come renews the page once, then says so, and its key brings it when it is there again', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  await context.route('**/assets/KeysDialog-*.js', (route) => route.fulfill({ status: 404 }))
  const page = await room.open(context)
  await page.locator('article').first().focus()
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('?')])
  await page.locator('article').first().focus()
  await page.keyboard.press('?')
  await expect(page.getByText('A part of the page could not be loaded')).toBeVisible()
  await context.unroute('**/assets/KeysDialog-*.js')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await context.close()
})

test('details that lie over the conversation have the focus, and give it back', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob', { viewport: { width: 900, height: 800 } })
  const page = await room.open(context)
  const button = page.getByRole('button', { name: 'Members and details' })
  const details = page.getByRole('complementary', { name: 'Details' })
  for (const leave of [() => page.keyboard.press('Escape'), () => details.getByRole('button', { name: 'Close' }).press('Enter')]) {
    await button.press('Enter')
    await expect(details).toBeFocused()
    const inside: boolean[] = []
    for (let n = 0; n < 12; n++) {
      await page.keyboard.press('Tab')
      inside.push(await details.evaluate((panel) => panel.contains(document.activeElement)))
    }
    expect(inside).toContain(true)
    expect(await page.evaluate(() => document.activeElement?.closest('[inert]'))).toBeNull()
    expect(await composer(page).evaluate((field) => field.closest('[inert]') !== null)).toBe(true)
    await leave()
    await expect(details).toHaveCount(0)
    await expect(button).toBeFocused()
  }
  await context.close()
})
