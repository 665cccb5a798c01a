import { expect, test, type Browser, type Page } from '@playwright/test'
import { found } from './axe'
import { photo, text } from './pictures'
import { type Room, said, School } from './school'
import { call, password, Server, signIn } from './server'

let school: School
let room: Room
test.beforeAll(async () => {
  school = await School.open()
  room = await school.room()
})
test.afterAll(() => school.close())

async function clean(page: Page): Promise<void> {
  await page.waitForTimeout(300)
  await expect.poll(() => found(page)).toEqual([])
}

/** All that the server says to a page from now on. */
function heard(page: Page): string[] {
  const all: string[] = []
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => all.push(String(payload))))
  page.on('response', async (response) => {
    if (response.url().includes('/api/')) all.push(`${response.url()} ${await response.text().catch(() => '')}`)
  })
  return all
}

test('a student reports a message from the keyboard, a teacher sees it at once and deletes, its author is told nothing', async ({ browser }) => {
  test.setTimeout(180_000)
  const author = await (await school.browser(browser, 'Cai')).newPage()
  const told = heard(author)
  await author.goto(room.path)
  await room.say('Cai', 'nobody likes you, Bob')
  const ann = await room.open(await school.browser(browser, 'Ann'))
  const bob = await room.open(await school.browser(browser, 'Bob'))
  for (const page of [author, ann, bob]) await expect(said(page, 'nobody likes you')).toBeVisible()

  await bob.locator('article[data-key]', { hasText: 'nobody likes you' }).focus()
  const more = bob.getByRole('toolbar').getByRole('button', { name: 'More' })
  for (let presses = 0; presses < 8 && !(await more.evaluate((one) => one === document.activeElement)); presses++) await bob.keyboard.press('Tab')
  await bob.keyboard.press('Enter')
  await bob.getByRole('menuitem', { name: 'Report…' }).waitFor()
  await bob.keyboard.press('End')
  await expect(bob.getByRole('menuitem', { name: 'Report…' })).toBeFocused()
  await bob.keyboard.press('Enter')
  const dialog = bob.getByRole('dialog', { name: 'Report a message of Cai' })
  await expect(dialog.getByLabel('What is wrong with it?')).toBeFocused()
  await expect(dialog.getByRole('button', { name: 'Report', exact: true })).toBeDisabled()
  await clean(bob)
  await dialog.getByLabel('What is wrong with it?').selectOption('Bullying')
  await dialog.getByLabel('Anything to add?').fill('x'.repeat(502))
  await expect(dialog.getByRole('alert')).toHaveText('2 characters too many')
  await expect(dialog.getByRole('button', { name: 'Report', exact: true })).toBeDisabled()
  await dialog.getByLabel('Anything to add?').fill('It goes on since Monday.')
  await dialog.getByRole('button', { name: 'Report', exact: true }).click()
  await expect(bob.getByText('Reported. A teacher or an admin will look at it')).toBeVisible()
  await expect(dialog).toBeHidden()

  // At once, on a page that nobody touched.
  const link = ann.getByRole('link', { name: '1 open report' })
  await expect(link).toBeVisible()
  await expect(bob.getByRole('link', { name: 'open report' })).toBeHidden()
  await school.as('Cai', 'PATCH', `/classes/${room.classId}/threads/${room.threadId}/messages/${(await room.messages()).at(-1)?.id}`, { content: 'hello, Bob' })
  await link.click()
  const row = ann.getByRole('listitem', { name: 'Message of Cai' })
  await expect(row).toContainText('nobody likes you, Bob')
  await expect(row).toContainText('Bullying')
  await expect(row).toContainText('Reported by Bob')
  await expect(row).toContainText('Bob adds: It goes on since Monday.')
  await expect(ann.getByRole('link', { name: 'Reports 1 open report' })).toBeVisible()
  await clean(ann)
  await row.getByRole('link', { name: 'Go to the message' }).click()
  await expect(ann).toHaveURL(/\/m\/\d+$/)
  await expect(said(ann, 'hello, Bob')).toBeVisible()
  await ann.goBack()

  await row.getByRole('button', { name: 'Resolve…' }).click()
  await ann.getByRole('dialog').getByLabel('What was done').selectOption('Delete the message')
  await clean(ann)
  await ann.getByRole('button', { name: 'Delete and resolve' }).click()
  await expect(ann.getByText('No report is open.')).toBeVisible()
  await expect(ann.getByRole('link', { name: 'Reports', exact: true })).toBeVisible()
  await ann.getByRole('radio', { name: 'Resolved' }).check()
  await expect(row).toContainText('message deleted')
  await expect(row).toContainText('Resolved by Ann')

  await expect(author.getByText('A teacher deleted this message')).toBeVisible()
  expect(told.some((text) => text.includes('nobody likes you'))).toBe(true)
  expect(told.filter((text) => !text.includes('/openapi') && /report|Monday/.test(text))).toEqual([])
  for (const page of [author, ann, bob]) await page.context().close()
})

test('who is reported is shown nothing of it, also as the owner; what was taken back can be reported; a second report is told to be one', async ({ browser }) => {
  const rude = await room.say('Ann', 'you are slow, Cai')
  const messages = `/classes/${room.classId}/threads/${room.threadId}/messages`
  await school.as('Cai', 'POST', `${messages}/${rude.id}/reports`, { reason: 'bullying' })
  const gone = await room.say('Bob', 'go away, Cai')
  await school.as('Bob', 'DELETE', `${messages}/${gone.id}`)

  const cai = await room.open(await school.browser(browser, 'Cai'))
  await cai.locator('article[data-key]', { hasText: 'This message was deleted' }).getByRole('button', { name: 'Report…' }).click()
  await cai.getByRole('dialog').getByLabel('What is wrong with it?').selectOption('Something else')
  await cai.getByRole('dialog').getByRole('button', { name: 'Report', exact: true }).click()
  await expect(cai.getByText('Reported. A teacher')).toBeVisible()
  const row = cai.locator('article[data-key]', { hasText: 'you are slow' })
  await row.hover()
  await row.getByRole('button', { name: 'More' }).click()
  await cai.getByRole('menuitem', { name: 'Report…' }).click()
  await cai.getByRole('dialog').getByLabel('What is wrong with it?').selectOption('Spam')
  await cai.getByRole('dialog').getByRole('button', { name: 'Report', exact: true }).click()
  await expect(cai.getByText('You have reported this already')).toBeVisible()
  const own = await room.say('Cai', 'my own words')
  const mine = cai.locator('article[data-key]', { hasText: own.content })
  await mine.hover()
  await mine.getByRole('button', { name: 'More' }).click()
  await expect(cai.getByRole('menuitem', { name: 'Delete' })).toBeVisible()
  await expect(cai.getByRole('menuitem', { name: 'Report…' })).toBeHidden()

  const ann = await (await school.browser(browser, 'Ann')).newPage()
  await ann.goto(`/c/${room.classId}/manage/reports`)
  await expect(ann.getByRole('listitem', { name: 'Message of Bob' })).toContainText('go away, Cai')
  await expect(ann.getByRole('listitem', { name: 'Message of Ann' })).toBeHidden()
  await expect(ann.getByRole('link', { name: 'Reports 1 open report' })).toBeVisible()
  for (const page of [cai, ann]) await page.context().close()
})

/** A server with Ada, its admin, and a class of Ann's with Bob in it. */
async function house(browser: Browser): Promise<{ server: Server; ada: Page; ann: Page; bob: Page }> {
  const server = await Server.open()
  const ada = await (await server.context(browser)).newPage()
  await server.setUp(ada)
  const [ann, bob] = await Promise.all([server.context(browser), server.context(browser)].map(async (context) => (await context).newPage()))
  if (!ann || !bob) throw new Error('no pages')
  for (const [page, name, role] of [[ann, 'Ann Lee', 'teacher'], [bob, 'Bob Ray', 'student']] as const) {
    await call(ada, 'POST', '/users', { name, role, password })
    await signIn(page, name, password)
    await page.waitForURL((url) => url.pathname !== '/sign-in')
  }
  await call(ann, 'POST', '/classes', { name: 'Physics 9b' })
  await call(ann, 'POST', '/classes/1/threads', { name: 'Homework' })
  await call(ann, 'POST', '/classes/1/members', { name: 'Bob Ray', role: 'student' })
  return { server, ada, ann, bob }
}

test('an admin is told how many reports wait, in a class of others too', async ({ browser }) => {
  const { server, ada, ann, bob } = await house(browser)
  const reports = async (text: string) => {
    const { id } = await call<{ id: number }>(ann, 'POST', '/classes/1/threads/1/messages', { content: text })
    await call(bob, 'POST', `/classes/1/threads/1/messages/${id}/reports`, { reason: 'bullying' })
  }
  await reports('you are slow')
  await ada.goto('/admin/users')
  await expect(ada.getByRole('link', { name: 'Reports 1 open report' })).toBeVisible()
  await reports('you are late')
  await ada.getByRole('link', { name: 'Reports 2 open reports' }).click()
  await clean(ada)
  // What is told while nobody listens is asked for afterwards.
  await ada.context().setOffline(true)
  await expect(ada.getByText('Offline', { exact: true })).toBeVisible()
  await reports('you are loud')
  await ada.context().setOffline(false)
  await expect(ada.getByRole('link', { name: 'Reports 3 open reports' })).toBeVisible({ timeout: 30_000 })
  await expect(ada.getByText('you are loud')).toBeVisible()
  await ada.getByRole('button', { name: 'Resolve…' }).first().click()
  await ada.getByRole('button', { name: 'Resolve', exact: true }).click()
  await expect(ada.getByRole('link', { name: 'Reports 2 open reports' })).toBeVisible()
  await server.close()
})

test('who reads a report sees what was sent with the message, though it was deleted, and in a class of others', async ({ browser }) => {
  const { server, ada, ann, bob } = await house(browser)
  await ann.goto('/c/1/t/1')
  await ann.locator('form.composer input[type=file]').setInputFiles([photo('caught.png'), text('his words.txt', 'none of them kind\n')])
  await expect(ann.locator('[data-file="ready"]')).toHaveCount(2)
  await ann.locator('form.composer button.send').click()
  const sent = async () => (await call<{ items: { id: number }[] }>(bob, 'GET', '/classes/1/threads/1/messages')).items
  await expect.poll(async () => (await sent()).length).toBe(1)
  const message = `/classes/1/threads/1/messages/${(await sent())[0]?.id}`
  await call(bob, 'POST', `${message}/reports`, { reason: 'bullying' })
  await call(ann, 'DELETE', message)

  await ada.goto('/admin/reports')
  const row = ada.getByRole('listitem', { name: 'Message of Ann Lee' })
  await expect(row).toContainText('(no text, only files)')
  const image = row.getByRole('img', { name: 'caught.png' })
  await expect(image, 'nobody is shown a picture who did not ask').toHaveCount(0)
  await clean(ada)
  await row.getByRole('button', { name: 'Show the picture' }).press('Enter')
  await expect(row.getByRole('button', { name: 'caught.png' })).toBeFocused()
  await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.complete && one.naturalWidth > 0)).toBe(true)
  const fetched = ada.waitForEvent('download')
  await row.getByRole('link', { name: /his words\.txt/ }).click()
  expect((await fetched).suggestedFilename()).toBe('his words.txt')
  await clean(ada)
  await row.getByRole('button', { name: 'caught.png' }).click()
  await expect(ada.getByRole('dialog').getByRole('img', { name: 'caught.png' })).toBeVisible()
  await ada.keyboard.press('Escape')
  await expect(row.getByRole('button', { name: 'caught.png' })).toBeFocused()
  await ada.goto('/admin/log')
  await expect(ada.getByText(/Ada.* read reports/).first()).toBeVisible()
  await server.close()
})
