import { expect, test, type Page } from '@playwright/test'
import { composer, fast, said, School, write } from './school'

test.use({ serviceWorkers: 'allow' })

const full = process.env['HOMEROOM_CHAOS'] === 'full'

/** Ends a tab as a crash does: nothing of the page runs any more. */
async function kill(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const crashed = new Promise((resolve) => page.once('crash', resolve))
  devtools.send('Page.crash').catch(() => {}) // its answer never comes
  await crashed
  await page.close()
}

test('fifty messages written offline survive a reload and killed tabs, and arrive once and in order', async ({ browser }) => {
  test.setTimeout(90_000)
  const school = await School.open(...fast)
  const room = await school.room()
  const context = await school.browser(browser, 'Bob')
  let page = await room.open(context)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await context.setOffline(true)
  const texts = Array.from({ length: 50 }, (_, n) => `message ${n}`)
  for (const [n, text] of texts.entries()) {
    await write(page, text)
    await expect(said(page, text).first()).toBeVisible()
    if (n === 19) {
      await page.reload()
      await composer(page).waitFor()
    }
  }
  // Closed offline, then killed again and again while it sends.
  await page.close()
  await context.setOffline(false)
  let kills = 0
  const most = full ? 12 : 3
  for (; kills < most; kills++) {
    page = await context.newPage()
    await page.goto(room.path, { waitUntil: 'commit' })
    await page.waitForTimeout(200 * kills)
    await kill(page)
  }
  page = await room.open(context)
  await expect.poll(async () => (await room.contents()).length, { timeout: 60_000 }).toBe(texts.length)
  await expect(page.getByRole('img', { name: 'Sending' })).toHaveCount(0, { timeout: 30_000 })
  await page.waitForTimeout(500)
  expect(await room.contents()).toEqual(texts)
  console.log(`figures: R19 written_offline=50 reloads=1 closed=1 tabs_killed=${kills} arrived=${(await room.contents()).length} doubled=0 in_order=yes`)
  await context.close()
  await school.close()
})

test('what the server refuses stays, and says why', async ({ browser }) => {
  const school = await School.open(...fast)
  const room = await school.room()
  const context = await school.browser(browser, 'Bob')
  const page = await room.open(context)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await context.setOffline(true)
  await write(page, 'too late')
  await expect(said(page, 'too late')).toBeVisible()
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${room.threadId}`, { locked: true })
  await page.close()
  await context.setOffline(false)
  const again = await context.newPage()
  await again.goto(room.path)
  await expect(said(again, 'too late')).toBeVisible()
  await expect(again.getByText(/^Not sent\./)).toBeVisible({ timeout: 30_000 })
  expect(await room.contents()).toEqual([])
  console.log('figures: R19 refused=1 shown=1 stored=0')
  await context.close()
  await school.close()
})

test('what is refused while another thread is open is marked there, and can be copied once its thread is gone', async ({ browser }) => {
  const school = await School.open(...fast)
  const room = await school.room()
  const { id: gone } = await school.as<{ id: number }>('Ann', 'POST', `/classes/${room.classId}/threads`, { name: 'Trip' })
  const { id: locked } = await school.as<{ id: number }>('Ann', 'POST', `/classes/${room.classId}/threads`, { name: 'Exams' })
  const context = await school.browser(browser, 'Bob')
  const page = await room.open(context)
  await page.getByRole('link', { name: 'Trip' }).waitFor()
  await context.setOffline(true)
  for (const name of ['Trip', 'Exams']) {
    await page.getByRole('link', { name }).click()
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
    await write(page, `to ${name}`)
  }
  await page.getByRole('link', { name: 'Homework' }).click()
  await school.as('Ann', 'DELETE', `/classes/${room.classId}/threads/${gone}`)
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${locked}`, { locked: true })
  await context.setOffline(false)
  await expect(page.getByRole('link', { name: 'Exams' }).getByRole('img', { name: 'A message was not sent' })).toBeVisible({ timeout: 30_000 })
  const lost = page.getByRole('alert').filter({ hasText: 'to Trip' })
  await expect(lost.getByRole('button', { name: 'Copy text' })).toBeVisible()
  await lost.getByRole('button', { name: 'Discard' }).click()
  await expect(lost).toHaveCount(0)
  await context.close()
  await school.close()
})

test('what waits in a tab whose user has left is sent by nobody else', async ({ browser }) => {
  const school = await School.open(...fast)
  const room = await school.room()
  const context = await school.browser(browser, 'Bob')
  const page = await room.open(context)
  await context.setOffline(true)
  await write(page, 'from Bob')
  await expect(said(page, 'from Bob')).toBeVisible()
  await school.signIn(context, 'Cai')
  await context.setOffline(false)
  await expect(page.getByRole('button', { name: /Cai/ })).toBeVisible({ timeout: 30_000 })
  await write(page, 'from Cai')
  await expect.poll(() => room.contents()).toEqual(['from Cai'])
  await school.signIn(context, 'Bob')
  await page.reload()
  await expect.poll(async () => (await room.messages()).map((one) => `${one.speaker_name}: ${one.content}`)).toEqual(['Cai: from Cai', 'Bob: from Bob'])
  await context.close()
  await school.close()
})
