import { expect, test, type Page } from '@playwright/test'
import { type Room, said, School } from './school'

let school: School
let room: Room
let other: Room
test.beforeAll(async () => {
  school = await School.open()
  room = await school.room()
  other = await school.room('Chemistry', 'Lab')
})
test.afterAll(() => school.close())

const link = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name: new RegExp(name) })

test('what is read in one tab is read in all of them', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  const first = await other.open(context)
  const second = await other.open(context)
  await room.say('Ann', 'a')
  await room.say('Ann', 'b')
  for (const page of [first, second]) await expect(link(page, 'Homework')).toContainText('2 unread messages')
  await first.bringToFront()
  await link(first, 'Homework').click()
  await expect(first.locator('.body')).toHaveText(['a', 'b'])
  for (const page of [first, second]) await expect(link(page, 'Homework')).not.toContainText('unread')

  // And for good.
  await second.reload()
  await expect(link(second, 'Homework')).not.toContainText('unread')
  await context.close()
})

test('who reads above is not pulled down, and told what is new below', async ({ browser }) => {
  for (let n = 0; n < 18; n++) await room.say('Ann', `line ${n}\n\nand\n\nmore`)
  const context = await school.browser(browser, 'Cai')
  const cai = await room.open(context)
  await expect(cai.getByRole('separator', { name: 'New' })).toBeVisible()
  const jump = cai.locator('button.jump')
  await expect(jump).toContainText('20 new')
  const scroller = cai.locator('.scroller')
  await cai.waitForTimeout(500)
  const before = await scroller.evaluate((element) => element.scrollTop)
  await room.say('Ann', 'something else')
  await expect(jump).toContainText('21 new')
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(before)
  await jump.click()
  await expect(said(cai, 'something else')).toBeVisible()
  await expect(jump).toHaveCount(0)
  await expect(link(cai, 'Homework')).not.toContainText('unread')

  // At the end one is taken along.
  await room.say('Ann', 'and the last word')
  await expect(said(cai, 'and the last word')).toBeInViewport()
  await context.close()
})
