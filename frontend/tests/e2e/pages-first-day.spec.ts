import { expect, test } from '@playwright/test'
import { password, Server } from './server'

test('the first day: set up, make a class, show its code, and see a student come, fall silent and go', async ({ browser }) => {
  const server = await Server.open()
  const ada = await (await server.context(browser)).newPage()

  // Short passwords are told before anything is sent.
  await ada.goto(server.setUpLink)
  await expect(ada).toHaveURL(`${server.url}/setup`)
  await ada.getByLabel('Your name').fill('Ada Park')
  await ada.getByLabel('Password', { exact: true }).fill('too short')
  await expect(ada.getByText('6 more characters')).toBeVisible()
  await ada.getByLabel('Password again').fill('too short')
  await ada.getByRole('button', { name: 'Make the admin account' }).click()
  await expect(ada.getByRole('alert')).toHaveText('A password needs at least 15 characters')
  await expect(ada.getByLabel('Password', { exact: true })).toBeFocused()
  await server.setUp(ada)

  // The link is good once, and never in the address.
  const late = await (await server.context(browser)).newPage()
  await late.goto(server.setUpLink)
  await expect(late.getByText('This server is set up already.')).toBeVisible()
  await expect(late).toHaveURL(`${server.url}/setup`)

  // An empty home says what comes next.
  await expect(ada.getByText('You have no classes yet. Create the first one.')).toBeVisible()
  await ada.getByRole('navigation').getByRole('button', { name: 'New class' }).click()
  const dialog = ada.getByRole('dialog')
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await dialog.getByLabel('Name').fill('Physics 9b')
  await dialog.getByLabel('Name').press('Enter')
  await ada.waitForURL('**/c/1')

  await ada.goto('/c/1/manage/codes')
  await expect(ada.getByText('No code is open.')).toBeVisible()
  await ada.getByRole('button', { name: 'Make a code' }).click()
  await ada.getByLabel('How many may join with it').fill('2')
  await ada.getByRole('dialog').getByRole('button', { name: 'Make a code' }).click()
  const board = ada.getByRole('dialog', { name: 'Join Physics 9b' })
  await expect(board.getByRole('img', { name: 'QR code' })).toBeVisible()
  const code = await board.locator('.letters').innerText()
  expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
  await expect(board.getByText('0 of 2 have joined')).toBeVisible()

  // A student types it as it was heard.
  const bob = await (await server.context(browser)).newPage()
  await bob.goto('/sign-in')
  await bob.getByRole('link', { name: 'Join a class with a code' }).click()
  await bob.getByLabel('Join code').pressSequentially(code.toLowerCase().replace('-', ' '))
  await expect(bob.getByLabel('Join code')).toHaveValue(code)
  await bob.getByLabel('Your name').fill('Bob Ray')
  await bob.getByLabel('Choose a password').fill('password')
  await bob.getByRole('button', { name: 'Make an account and join' }).click()
  await expect(bob.getByRole('alert')).toHaveText(/one of the first that anybody would try/)
  await bob.getByLabel('Choose a password').fill('violet otter')
  await bob.getByRole('button', { name: 'Make an account and join' }).click()
  await bob.waitForURL('**/c/1')

  // The board counts without being asked.
  await expect(board.getByText('1 of 2 have joined')).toBeVisible()
  await ada.keyboard.press('Escape')
  await expect(board).toBeHidden()

  await ada.getByRole('link', { name: 'Members' }).click()
  await expect(ada.getByText('2 members')).toBeVisible()
  await ada.getByRole('button', { name: 'Actions for Bob Ray' }).click()
  await ada.getByRole('menuitem', { name: 'Mute…' }).click()
  await ada.getByLabel('For how long').selectOption('1 day')
  await ada.getByRole('dialog').getByRole('button', { name: 'Mute' }).click()
  await expect(ada.getByText(/muted until/)).toBeVisible()

  await ada.getByRole('button', { name: 'Actions for Bob Ray' }).click()
  await ada.getByRole('menuitem', { name: 'Let write again' }).click()
  await expect(ada.getByText(/muted until/)).toBeHidden()

  await ada.getByLabel('Role of Bob Ray').selectOption('Assistant')
  await expect(ada.getByLabel('Role of Bob Ray')).toHaveValue('assistant')

  await ada.getByRole('button', { name: 'Actions for Bob Ray' }).click()
  await ada.getByRole('menuitem', { name: 'Remove from the class…' }).click()
  await ada.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(ada.getByText('1 member', { exact: true })).toBeVisible()
  await expect(bob.getByText('Physics 9b')).toHaveCount(0)

  // Who was removed does not come back by the code on the board.
  await bob.goto(`/join#code=${code}`)
  await expect(bob).toHaveURL(`${server.url}/join`)
  await expect(bob.getByText('You join as Bob Ray.')).toBeVisible()
  await bob.getByRole('button', { name: 'Join' }).click()
  await expect(bob.getByRole('alert')).toHaveText(/not valid/)

  // The code has one place left.
  const join = async (name: string) => {
    const page = await (await server.context(browser)).newPage()
    await page.goto(`/join#code=${code}`)
    await page.getByLabel('Your name').fill(name)
    await page.getByLabel('Choose a password').fill('violet otter')
    await page.getByRole('button', { name: 'Make an account and join' }).click()
    return page
  }
  const cai = await join('Cai Wen')
  await cai.waitForURL('**/c/1')
  const eve = await join('Eve Stone')
  await expect(eve.getByRole('alert')).toHaveText(/not valid/)
  await expect(eve.getByLabel('Join code')).toBeFocused()

  // Deleting asks for the name.
  await ada.getByRole('link', { name: 'About the class' }).click()
  await ada.getByRole('button', { name: 'Delete the class' }).click()
  const remove = ada.getByRole('dialog').getByRole('button', { name: 'Delete the class' })
  await expect(remove).toBeDisabled()
  await ada.getByLabel('Write its name').fill('Physics 9b')
  await remove.click()
  await ada.waitForURL(`${server.url}/`)
  await server.close()
})

test('where the server takes no sign-ups, one signs in to join', async ({ browser }) => {
  const server = await Server.open('--no-sign-up')
  const page = await (await server.context(browser)).newPage()
  await page.goto('/join')
  await expect(page.getByText('Sign in to join.')).toBeVisible()
  await expect(page.getByText('I am new here')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Sign in and join' })).toBeVisible()
  await server.close()
})

test('the set-up page without its link says where the link is', async ({ browser }) => {
  const server = await Server.open()
  const page = await (await server.context(browser)).newPage()
  await page.goto('/setup')
  await expect(page.getByText('This page opens with the link')).toBeVisible()
  await page.goto('/sign-in')
  await expect(page.getByText('Nobody manages this server yet.')).toBeVisible()
  // Pasted into the tab that has the page already: only what is after "#" changes.
  await page.goto('/setup')
  await expect(page.getByText('This page opens with the link')).toBeVisible()
  await page.goto('/setup#token=wrong')
  await expect(page).toHaveURL(`${server.url}/setup`)
  await page.getByLabel('Your name').fill('Eve')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password again').fill(`${password}r`)
  await page.getByRole('button', { name: 'Make the admin account' }).click()
  await expect(page.getByText('The two passwords are not the same')).toBeVisible()
  await page.getByLabel('Password again').fill(password)
  await page.getByRole('button', { name: 'Make the admin account' }).click()
  await expect(page.getByText('This link has been used, or it is too old.')).toBeVisible()
  await page.goto(server.setUpLink)
  await expect(page.getByRole('button', { name: 'Make the admin account' })).toBeVisible()
  await server.close()
})
