import { expect, test, type Page } from '@playwright/test'
import { call, password, Server } from './server'

/** A server that forgets after two seconds who gave the password, with Ada, its admin, at the page of users. */
async function stale(server: Server, page: Page): Promise<void> {
  await server.setUp(page)
  await call(page, 'POST', '/users', { name: 'Bob Ray', role: 'student' })
  await page.goto('/admin/users')
  await page.waitForTimeout(2500)
  await page.getByRole('button', { name: 'Actions for Bob Ray' }).click()
  await page.getByRole('menuitem', { name: 'New password…' }).click()
  await page.getByRole('button', { name: 'Make a new password' }).click()
}

const question = (page: Page) => page.getByRole('dialog').filter({ has: page.getByRole('button', { name: 'Continue' }) })

test('what cannot be undone asks for the password once more, and then goes on by itself', async ({ browser }) => {
  const server = await Server.open('--confirm-after=2s')
  const page = await (await server.context(browser)).newPage()
  await stale(server, page)

  const dialog = question(page)
  await expect(dialog.getByLabel('Password')).toBeFocused()
  await dialog.getByLabel('Password').fill('not this one')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText(/wrong/)
  await dialog.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Password of Bob Ray' }).locator('output')).toHaveText(/^\w+-\w+-\w+-\w+$/)
  await expect(dialog).toBeHidden()
  await server.close()
})

test('Esc leaves everything as it was', async ({ browser }) => {
  const server = await Server.open('--confirm-after=2s')
  const page = await (await server.context(browser)).newPage()
  await stale(server, page)
  let resets = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/reset')) resets++
  })
  await expect(question(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(question(page)).toBeHidden()
  await expect(page.getByText('Give your password once more to do this')).toBeVisible()
  await expect(page.getByRole('dialog', { name: 'Password of Bob Ray' })).toBeHidden()
  expect(resets).toBe(0)
  await server.close()
})
