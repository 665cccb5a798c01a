import { expect, test } from '@playwright/test'
import { said, School, write } from './school'

test.use({ serviceWorkers: 'allow' })

test('a restart of the server in the middle of a talk loses and doubles nothing', async ({ browser }) => {
  test.setTimeout(120_000)
  const school = await School.open()
  const room = await school.room()
  const ann = await room.open(await school.browser(browser, 'Ann'))
  const bob = await room.open(await school.browser(browser, 'Bob'))
  await write(ann, 'before')
  await expect(said(bob, 'before')).toBeVisible()

  await school.stop()
  await write(ann, 'while it was down')
  await expect(ann.getByText(/Connecting… 1 message will be sent/)).toBeVisible()
  await write(bob, 'from Bob while it was down')
  await school.start()

  // Restarts are spread over 20 seconds.
  const texts = ['before', 'while it was down', 'from Bob while it was down']
  for (const page of [ann, bob]) {
    for (const text of texts) await expect(page.locator('.body').getByText(text, { exact: true })).toHaveCount(1, { timeout: 60_000 })
    await expect(page.getByRole('img', { name: 'Sending' })).toHaveCount(0, { timeout: 60_000 })
    await expect(page.getByText(/Connecting…/)).toHaveCount(0, { timeout: 60_000 })
  }

  // And without a farewell.
  await school.stop('SIGKILL')
  await write(bob, 'after the power cut')
  await school.start()
  await expect(said(ann, 'after the power cut')).toBeVisible({ timeout: 60_000 })
  expect((await room.contents()).toSorted()).toEqual([...texts, 'after the power cut'].toSorted())

  const order = await room.contents()
  for (const page of [ann, bob]) await expect(page.locator('.body')).toHaveText(order)
  await school.close()
})
