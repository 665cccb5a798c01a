import { createHmac } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { found } from './axe'
import { call, password, Server, signIn } from './server'

/** The code that a phone shows, `ahead` half minutes from now: one of the next is good already. */
function shown(secret: string, ahead = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replaceAll(' ', '')].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const sum = createHmac('sha1', key).update(step).digest()
  return String((sum.readUInt32BE((sum.at(-1) ?? 0) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

async function clean(page: Page): Promise<void> {
  await expect.poll(() => found(page)).toEqual([])
}

/** Goes through the steps, from the password to the recovery codes, and returns the secret and the codes. */
async function setUp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.getByLabel('Your password').fill(password)
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible()
  await clean(page)
  const secret = await page.getByRole('status', { name: 'Secret of the second factor' }).innerText()
  await page.getByLabel('Code', { exact: true }).fill('000000')
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await expect(page.getByRole('alert')).toHaveText(/This code is wrong/)
  await page.getByLabel('Code', { exact: true }).fill(shown(secret))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  const codes = (await page.getByRole('status', { name: 'Recovery codes' }).innerText()).split('\n')
  expect(codes).toHaveLength(10)
  await clean(page)
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.print-card')).toContainText(codes[9] ?? '')
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('button', { name: 'I have stored them' }).click()
  return { secret, codes }
}

test('the first admin sets up a second factor before anything else, and signs in with it', async ({ browser }) => {
  test.setTimeout(180_000)
  const server = await Server.open('--admin-second-factor')
  const ada = await (await server.context(browser)).newPage()
  await server.setUp(ada, 'Ada Park', '/second-factor')
  for (const path of ['/admin/users', '/settings/tokens', '/c/1', '/nowhere']) {
    await ada.goto(path)
    await expect(ada).toHaveURL(`${server.url}/second-factor?next=${path}`)
  }
  await ada.goto('/admin/users')
  expect(await ada.evaluate(async () => (await fetch('/api/v1/users')).status)).toBe(403)
  await clean(ada)
  await ada.getByLabel('Your password').fill('not this one')
  await ada.getByRole('button', { name: 'Next' }).click()
  await expect(ada.getByRole('alert')).toHaveText(/wrong/)
  const { secret, codes } = await setUp(ada)
  await expect(ada).toHaveURL(`${server.url}/admin/users`)
  await expect(ada.getByRole('listitem').filter({ hasText: 'Ada Park' })).toContainText('second factor')

  // The password alone opens nothing.
  const other = await (await server.context(browser)).newPage()
  await signIn(other, 'Ada Park')
  await expect(other.getByRole('heading', { name: 'Second factor' })).toBeVisible()
  await expect(other.getByLabel('Code', { exact: true })).toBeFocused()
  expect(await other.evaluate(async () => (await fetch('/api/v1/me')).status)).toBe(401)
  await clean(other)
  await other.getByLabel('Code', { exact: true }).fill('000000')
  await other.getByRole('button', { name: 'Sign in' }).click()
  await expect(other.getByRole('alert')).toHaveText(/This code is wrong/)
  await other.getByLabel('Code', { exact: true }).fill(shown(secret, 1))
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.waitForURL(`${server.url}/`)

  // A recovery code does once.
  const third = await (await server.context(browser)).newPage()
  for (const refused of [false, true]) {
    await signIn(third, 'Ada Park')
    await third.getByRole('button', { name: 'Use a recovery code' }).click()
    await third.getByRole('textbox', { name: 'Recovery code' }).fill((codes[0] ?? '').toLowerCase())
    await third.getByRole('button', { name: 'Sign in' }).click()
    if (refused) await expect(third.getByRole('alert')).toHaveText(/This code is wrong/)
    else {
      await third.waitForURL(`${server.url}/`)
      await third.goto('/settings/sessions')
      await expect(third.getByText('9 recovery codes left')).toBeVisible()
      await expect(third.getByRole('button', { name: 'Take it away' })).toHaveCount(0)
      await third.context().clearCookies()
    }
  }
  await server.close()
})

test('a teacher sets one up and may have a shorter password; an admin takes it off when it is lost', async ({ browser }) => {
  test.setTimeout(180_000)
  const server = await Server.open()
  const ada = await (await server.context(browser)).newPage()
  await server.setUp(ada)
  await call(ada, 'POST', '/users', { name: 'Ann Lee', role: 'teacher', password })
  const ann = await (await server.context(browser)).newPage()
  await signIn(ann, 'Ann Lee')
  await ann.waitForURL(`${server.url}/`)
  await ann.goto('/settings/sessions')
  await ann.getByRole('button', { name: 'Set up' }).click()
  await expect(ann.getByLabel('Your password')).toBeFocused()
  await clean(ann)
  const { codes } = await setUp(ann)
  await expect(ann.getByText('10 recovery codes left')).toBeVisible()
  await clean(ann)

  // Who joins with it comes in as well, with the join code that they brought.
  const group = await call<{ id: number }>(ada, 'POST', '/classes', { name: 'Biology 9b' })
  const { code } = await call<{ code: string }>(ada, 'POST', `/classes/${group.id}/codes`, { role: 'student' })
  const there = await (await server.context(browser)).newPage()
  await there.goto(`/join#code=${code}`)
  await there.getByRole('radio', { name: 'I have an account' }).check()
  await there.getByLabel('Name').fill('Ann Lee')
  await there.getByLabel('Password', { exact: true }).fill(password)
  await there.getByRole('button', { name: 'Sign in and join' }).click()
  await expect(there.getByLabel('Code', { exact: true })).toBeFocused()
  await clean(there)
  await there.getByLabel('Code', { exact: true }).fill('000000')
  await there.getByRole('button', { name: 'Sign in and join' }).click()
  await expect(there.getByRole('alert')).toHaveText(/This code is wrong/)
  await there.getByRole('button', { name: 'Use a recovery code' }).click()
  await there.getByRole('textbox', { name: 'Recovery code' }).fill(codes[2] ?? '')
  await there.getByRole('button', { name: 'Sign in and join' }).click()
  await there.waitForURL(`**/c/${group.id}`)
  await there.context().close()

  // New codes and another phone need the password and a code.
  await ann.getByRole('button', { name: 'New recovery codes' }).click()
  await ann.getByRole('dialog').getByLabel('Your password').fill(password)
  await ann.getByRole('button', { name: 'Use a recovery code' }).click()
  await ann.getByRole('textbox', { name: 'Recovery code' }).fill(codes[0] ?? '')
  await ann.getByRole('button', { name: 'Make new codes' }).click()
  const fresh = (await ann.getByRole('status', { name: 'Recovery codes' }).innerText()).split('\n')
  expect(fresh).not.toContain(codes[1])
  await ann.getByRole('button', { name: 'I have stored them' }).click()

  await ann.getByLabel('Current password').fill(password)
  await ann.getByLabel('New password').fill('tall lamp')
  await ann.getByRole('button', { name: 'Change password' }).click()
  await expect(ann.getByText('The password is changed.')).toBeVisible()
  await ann.getByRole('button', { name: 'Take it away' }).click()
  await ann.getByRole('dialog').getByLabel('Your password').fill('tall lamp')
  await ann.getByRole('button', { name: 'Use a recovery code' }).click()
  await ann.getByRole('textbox', { name: 'Recovery code' }).fill(fresh[0] ?? '')
  await ann.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click()
  await expect(ann.getByRole('alert')).toHaveText(/Without a second factor this password is too short/)
  await ann.keyboard.press('Escape')

  await ada.goto('/admin/users')
  await ada.getByRole('button', { name: 'Actions for Ann Lee' }).click()
  await ada.getByRole('menuitem', { name: 'Take off second factor…' }).click()
  await clean(ada)
  await ada.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click()
  await expect(ada.getByText('Ann Lee signs in with the password alone')).toBeVisible()
  await ann.waitForURL('**/sign-in**')
  await signIn(ann, 'Ann Lee', 'tall lamp')
  await expect(ann.getByRole('alert')).toHaveText(/too short/)
  await ada.getByRole('link', { name: 'Log' }).click()
  await expect(ada.getByText('Ada Park took the second factor off Ann Lee')).toBeVisible()
  await server.close()
})
