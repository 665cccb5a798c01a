import { expect, test } from '@playwright/test'
import { password, Server, signIn } from './server'

let server: Server
test.beforeAll(async ({ browser }) => {
  server = await Server.open()
  const context = await server.context(browser)
  await server.setUp(await context.newPage())
  await context.close()
})
test.afterAll(() => server.close())

test('a page that needs a session is shown after signing in, and no other site is', async ({ browser }) => {
  const page = await (await server.context(browser)).newPage()
  await page.goto('/settings/tokens')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await page.getByLabel('Name').fill('  ada park ')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/settings/tokens')

  const other = await (await server.context(browser)).newPage()
  for (const next of ['//evil.example/', '/\\evil.example', 'https://evil.example', '/%09/evil.example']) {
    await other.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await other.getByLabel('Name').fill('Ada Park')
    await other.getByLabel('Password', { exact: true }).fill(password)
    await other.keyboard.press('Enter')
    await other.waitForURL((url) => url.origin === server.url && url.pathname !== '/sign-in')
    await other.context().clearCookies()
    await other.evaluate(() => sessionStorage.clear())
  }
})

test('a wrong password is one sentence, and after some tries there is a wait that counts down', async ({ browser }) => {
  const page = await (await server.context(browser)).newPage()
  for (let tries = 0; tries < 5; tries++) {
    await signIn(page, 'Nobody Such', 'wrong')
    await expect(page.getByRole('alert')).toHaveText('The name or the password is wrong')
  }
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toHaveText(/Too many tries\. Try again in \d+ seconds\./)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeDisabled()
  const first = await page.getByRole('alert').innerText()
  await expect(page.getByRole('alert')).not.toHaveText(first)
})

test('a password can be looked at', async ({ browser }) => {
  const page = await (await server.context(browser)).newPage()
  await page.goto('/sign-in')
  const field = page.getByLabel('Password', { exact: true })
  await field.fill('secret')
  await expect(field).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: 'Show the password' }).click()
  await expect(field).toHaveAttribute('type', 'text')
  await page.getByRole('button', { name: 'Hide the password' }).click()
  await expect(field).toHaveAttribute('type', 'password')
})

test('on a shared computer nothing of the user outlives the tab', async ({ browser }) => {
  const page = await (await server.context(browser)).newPage()
  await signIn(page, 'Ada Park')
  await page.waitForURL(`${server.url}/`)
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('Ada')
  await page.goto('/settings/sessions')
  await expect(page.getByText('shared computer').first()).toBeVisible()
})

test('the language is a choice before anybody is in', async ({ browser }) => {
  const page = await (await server.context(browser)).newPage()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: '简体中文' }).click()
  await expect(page.getByRole('heading', { name: '登录' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
})

test('a server that is away is said to be, and the form keeps what was typed', async ({ browser }) => {
  const away = await Server.open()
  const page = await (await away.context(browser)).newPage()
  await page.goto('/join')
  await page.getByLabel('Join code').fill('7KQ2-M9XT')
  await page.getByLabel('Your name').fill('Bob Ray')
  await page.getByLabel('Choose a password').fill('violet otter')
  await away.stop()
  await page.getByRole('button', { name: 'Make an account and join' }).click()
  await expect(page.getByRole('alert')).toHaveText(/cannot be reached/)
  await expect(page.getByLabel('Your name')).toHaveValue('Bob Ray')
  await away.close()
})
