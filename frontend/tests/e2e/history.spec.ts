import { expect, test } from '@playwright/test'
import { fast, type Room, said, School } from './school'

let school: School
let room: Room
test.beforeAll(async () => {
  test.setTimeout(300_000)
  school = await School.open(...fast)
  room = await school.room()
  const names = ['Ann', 'Bob', 'Cai'] as const
  for (let n = 0; n < 3000; n += 60) {
    await Promise.all(
      Array.from({ length: 60 }, (_, k) => room.say(names[(n + k) % 3] ?? 'Ann', `no. ${n + k} ${'word '.repeat(1 + (((n + k) * 7) % 60))}`)),
    )
  }
})
test.afterAll(() => school.close())

test('older messages load above without a jump, through three thousand', async ({ browser }) => {
  test.setTimeout(300_000)
  const context = await school.browser(browser, 'Ann')
  await school.as('Ann', 'PUT', `/classes/${room.classId}/threads/${room.threadId}/read`, { seq: 9_000 }).catch(() => {})
  const page = await room.open(context)
  await expect(page.locator('article').last()).toBeVisible()
  await page.waitForTimeout(500)

  // After each change of the list: is the row that was in the middle still
  // where it was, apart from what the wheel moved?
  const result = await page.evaluate(async () => {
    const scroller = document.querySelector('.scroller') as HTMLElement
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    let worst = 0
    let loads = 0
    let most = 0
    let keys = document.querySelectorAll('article').length
    let height = scroller.scrollHeight
    for (let step = 0; step < 900 && loads < 25; step++) {
      const middle = scroller.clientHeight / 2
      const row = [...document.querySelectorAll<HTMLElement>('article[data-key]')].find((one) => one.getBoundingClientRect().bottom > middle)
      if (!row) throw new Error('no row in the middle')
      const key = row.dataset['key'] ?? ''
      scroller.scrollBy(0, -180)
      const at = row.getBoundingClientRect().top
      for (let n = 0; n < 3; n++) await frame()
      const after = document.querySelector<HTMLElement>(`article[data-key="${CSS.escape(key)}"]`)
      if (after) worst = Math.max(worst, Math.abs(after.getBoundingClientRect().top - at))
      const now = document.querySelectorAll('article').length
      if (scroller.scrollHeight > height + 800) loads++
      height = scroller.scrollHeight
      keys = now
      most = Math.max(most, keys)
    }
    return { worst, loads, most }
  })
  expect(result.loads).toBeGreaterThanOrEqual(20)
  expect(result.worst).toBeLessThanOrEqual(2)
  // However many there are, few are in the document.
  expect(result.most).toBeLessThan(80)
  await context.close()
})

test('a link to an old message opens there, and the end is one press away', async ({ browser }) => {
  const context = await school.browser(browser, 'Bob')
  const page = await context.newPage()
  const all = await room.messages()
  const old = all[400]
  if (!old) throw new Error('too few messages')
  await page.goto(`${room.path}/m/${old.id}`)
  const start = old.content.split(' ').slice(0, 3).join(' ').trim()
  await expect(said(page, start).first()).toBeInViewport()
  await page.locator('button.jump').click()
  const last = all.at(-1)?.content.split(' ').slice(0, 3).join(' ').trim() ?? ''
  await expect(said(page, last).first()).toBeInViewport()
  await context.close()
})

test('who is at the end stays there while rows grow', async ({ browser }) => {
  const context = await school.browser(browser, 'Ann')
  const page = await room.open(context)
  await expect(page.locator('.scroller.seen article').last()).toBeVisible()
  await page.locator('button.jump').click({ timeout: 3_000 }).catch(() => {}) // where something is unread
  await expect(page.locator('button.jump')).toBeHidden()
  await page.waitForTimeout(300)
  const worst = await page.evaluate(async () => {
    const scroller = document.querySelector('.scroller') as HTMLElement
    let worst = 0
    for (let n = 1; n <= 20; n++) {
      const rows = document.querySelectorAll('article')
      const row = rows[rows.length - 1 - (n % 3)] as HTMLElement
      row.style.paddingBlockEnd = `${n * 7}px`
      for (let frames = 0; frames < 5; frames++) await new Promise((resolve) => requestAnimationFrame(resolve))
      worst = Math.max(worst, scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight)
    }
    return worst
  })
  expect(worst).toBeLessThanOrEqual(1)
  await context.close()
})
