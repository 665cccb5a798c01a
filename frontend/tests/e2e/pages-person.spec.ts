import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { found } from './axe'
import { call, password, Server, signIn } from './server'

test('a person takes out their data, and is erased under the eyes of the class', async ({ browser }) => {
  const server = await Server.open()
  const ada = await (await server.context(browser)).newPage()
  await server.setUp(ada)
  await call(ada, 'POST', '/classes', { name: 'Physics 9b' })
  await call(ada, 'POST', '/classes/1/threads', { name: 'Homework' })
  await call(ada, 'POST', '/users', { name: 'Bob Ray', role: 'student', password })
  await call(ada, 'POST', '/classes/1/members', { name: 'Bob Ray', role: 'student' })

  const bob = await (await server.context(browser)).newPage()
  await signIn(bob, 'Bob Ray', password)
  await bob.waitForURL((url) => url.pathname !== '/sign-in')
  await call(bob, 'POST', '/classes/1/threads/1/messages', { content: 'the bus leaves at ten' })
  await bob.goto('/settings')
  const own = bob.waitForEvent('download')
  await bob.getByRole('button', { name: 'Download my data' }).click()
  const document: unknown = JSON.parse(readFileSync(await (await own).path(), 'utf8'))
  expect(document).toMatchObject({ account: { name: 'Bob Ray' }, messages: [{ content: 'the bus leaves at ten' }] })

  const watching = await ada.context().newPage()
  await watching.goto('/c/1/t/1')
  await expect(watching.getByText('the bus leaves at ten').first()).toBeVisible()

  await ada.goto('/admin/users')
  await ada.getByRole('button', { name: 'Actions for Bob Ray' }).click()
  const taken = ada.waitForEvent('download')
  await ada.getByRole('menuitem', { name: 'Download data' }).click()
  expect((await taken).suggestedFilename()).toBe('homeroom-user-2.json')

  await ada.getByRole('button', { name: 'Actions for Bob Ray' }).click()
  await ada.getByRole('menuitem', { name: 'Erase…' }).click()
  const dialog = ada.getByRole('dialog', { name: 'Erase Bob Ray?' })
  await expect(dialog.getByRole('button', { name: 'Erase for good' })).toBeDisabled()
  expect(await found(ada)).toEqual([])
  await dialog.getByLabel(/Write the name/).fill('Bob Ray')
  await dialog.getByRole('button', { name: 'Erase for good' }).click()
  await expect(ada.getByRole('listitem').filter({ hasText: 'Former member 2' })).toContainText('erased')

  await expect(watching.getByText('Former member 2').first()).toBeVisible()
  await expect(watching.getByText('the bus leaves at ten')).toHaveCount(0)
  await expect(watching.getByText('Bob Ray')).toHaveCount(0)
  await bob.waitForURL('**/sign-in**')
  await signIn(bob, 'Bob Ray', password)
  await expect(bob.getByRole('alert')).toHaveText(/wrong/)
  await server.close()
})
