import { expect, test } from '@playwright/test'
import { type Room, said, School, write } from './school'

test.use({ serviceWorkers: 'allow' })

let school: School
let room: Room
test.beforeAll(async () => {
  school = await School.open()
  room = await school.room()
})
test.afterAll(() => school.close())

test('two browsers and a script talk in one thread and read the same in the same order', async ({ browser }) => {
  const ann = await room.open(await school.browser(browser, 'Ann'))
  const bob = await room.open(await school.browser(browser, 'Bob'))

  await write(ann, 'Good morning')
  await expect(said(bob, 'Good morning')).toBeVisible()
  await write(bob, 'Morning, **Ann**')
  await expect(ann.locator('.body strong', { hasText: 'Ann' })).toBeVisible()
  await room.say('Cai', 'The timetable script says: room 12')
  for (const page of [ann, bob]) await expect(said(page, 'room 12')).toBeVisible()

  const expected = await room.contents()
  expect(expected).toEqual(['Good morning', 'Morning, **Ann**', 'The timetable script says: room 12'])
  for (const page of [ann, bob]) {
    await expect(page.locator('.body')).toHaveText(['Good morning', 'Morning, Ann', 'The timetable script says: room 12'])
  }
  await ann.context().close()
  await bob.context().close()
})

test('typing, reactions, edits, deletions and pins reach the other browser', async ({ browser }) => {
  const message = await room.say('Ann', 'Who brings the magnet?')
  const ann = await room.open(await school.browser(browser, 'Ann'))
  const bob = await room.open(await school.browser(browser, 'Bob'))
  const rowOf = (page: typeof ann) => page.locator(`article[data-key]`, { hasText: 'magnet' })

  await bob.locator('form.composer textarea').pressSequentially('I co')
  await expect(ann.getByText('Bob is typing…')).toBeVisible()

  await rowOf(bob).hover()
  await rowOf(bob).getByRole('button', { name: 'React with 👍' }).click()
  await expect(rowOf(ann).getByRole('button', { name: /👍 1: Bob/ })).toBeVisible()

  await rowOf(ann).hover()
  await rowOf(ann).getByRole('button', { name: 'More' }).click()
  await ann.getByRole('menuitem', { name: 'Pin' }).click()
  await expect(bob.locator('button.pinned', { hasText: 'magnet' })).toBeVisible()

  await rowOf(ann).hover()
  await rowOf(ann).getByRole('button', { name: 'More' }).click()
  await ann.getByRole('menuitem', { name: 'Edit' }).click()
  await ann.getByRole('textbox', { name: 'Edit the message' }).fill('Who brings the magnet on Monday?')
  await ann.keyboard.press('Enter')
  await expect(said(bob, 'on Monday?')).toBeVisible()
  await expect(rowOf(bob).getByText('(edited)')).toBeVisible()

  // Staff open what it said before.
  await rowOf(ann).getByRole('button', { name: '(edited)' }).click()
  await expect(ann.getByRole('dialog').getByText('Who brings the magnet?', { exact: true })).toBeVisible()
  await ann.keyboard.press('Escape')

  await school.as('Ann', 'DELETE', `/classes/${room.classId}/threads/${room.threadId}/messages/${message.id}`)
  await expect(bob.getByText('This message was deleted')).toBeVisible()
  await expect(said(bob, 'magnet')).toHaveCount(0)
  await ann.context().close()
  await bob.context().close()
})

test('a message that the server refuses stays with why, and can be sent again or discarded', async ({ browser }) => {
  const bob = await room.open(await school.browser(browser, 'Bob'))
  // The lock reaches the page a moment after the message has left it.
  await bob.route('**/*', (route) => route.continue())
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${room.threadId}`, { locked: true })
  await expect(bob.getByText('This thread is locked. Only teachers can write.')).toBeVisible()
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${room.threadId}`, { locked: false })
  await expect(bob.locator('form.composer textarea')).toBeVisible()

  await bob.context().setOffline(true)
  await write(bob, 'sent into a locked thread')
  await expect(bob.getByRole('img', { name: 'Sending' })).toBeVisible()
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${room.threadId}`, { locked: true })
  await bob.context().setOffline(false)
  await expect(bob.getByText('Not sent. This thread is locked. Only teachers can write')).toBeVisible({ timeout: 30_000 })

  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${room.threadId}`, { locked: false })
  await bob.getByRole('button', { name: 'Retry' }).click()
  await expect(bob.getByText('Not sent.')).toHaveCount(0)
  await expect.poll(async () => (await room.contents()).filter((text) => text === 'sent into a locked thread').length).toBe(1)
  await bob.context().close()
})
