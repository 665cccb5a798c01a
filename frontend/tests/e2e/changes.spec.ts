import { expect, test } from '@playwright/test'
import type { components } from '../../src/api/schema'
import { composer, fast, said, School, write } from './school'

test.use({ serviceWorkers: 'allow' })

type Schemas = components['schemas']

test('classes and threads come, change and go in front of who looks at them', async ({ browser }) => {
  const school = await School.open()
  const room = await school.room()
  const context = await school.browser(browser, 'Bob')
  const bob = await room.open(context)
  const column = bob.getByRole('navigation')

  const other = await school.room('Chemistry', 'Lab')
  await expect(column.getByRole('button', { name: /Chemistry/ })).toBeVisible()
  await expect(column.getByRole('link', { name: /Lab/ })).toBeVisible()
  await other.say('Ann', 'Goggles on')
  await expect(column.getByRole('link', { name: /Lab/ })).toContainText('1 unread message')

  const at = `/classes/${other.classId}/threads/${other.threadId}`
  await school.as('Ann', 'PATCH', at, { name: 'Laboratory' })
  await expect(column.getByRole('link', { name: /Laboratory/ })).toContainText('1 unread message')
  const extra = await school.as<Schemas['Thread']>('Ann', 'POST', `/classes/${other.classId}/threads`, { name: 'Exams' })
  await expect(column.getByRole('link', { name: /Exams/ })).toBeVisible()
  await school.as('Ann', 'DELETE', `/classes/${other.classId}/threads/${extra.id}`)
  await expect(column.getByRole('link', { name: /Exams/ })).toHaveCount(0)

  await school.as('Ann', 'DELETE', `/classes/${other.classId}/members/${school.users.get('Bob')}`)
  await expect(column.getByRole('button', { name: /Chemistry/ })).toHaveCount(0)

  await school.as('Ann', 'PATCH', `/classes/${room.classId}/members/${school.users.get('Bob')}`, { muted_until: new Date(Date.now() + 3_600_000).toISOString() })
  await expect(bob.getByText(/You cannot write in this class until/)).toBeVisible()
  await context.close()
  await school.close()
})

test('a list that comes late does not undo what was told meanwhile', async ({ browser }) => {
  const school = await School.open()
  const room = await school.room()
  const gone = await school.as<Schemas['Thread']>('Ann', 'POST', `/classes/${room.classId}/threads`, { name: 'Gone' })
  // What the worker handles cannot be held back.
  const context = await school.browser(browser, 'Bob', { serviceWorkers: 'block' })
  const bob = await context.newPage()
  let told = 0
  let held = false
  bob.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => (told += /"op":"event"/.test(String(payload)) ? 1 : 0)))
  await bob.route('**/threads?*', async (route) => {
    if (held || route.request().url().includes('archived')) return route.continue()
    held = true
    const before = await route.fetch()
    await room.say('Ann', 'said while the list was on its way')
    await school.as('Ann', 'POST', `/classes/${room.classId}/threads`, { name: 'Exams' })
    await school.as('Ann', 'DELETE', `/classes/${room.classId}/threads/${gone.id}`)
    await expect.poll(() => told).toBeGreaterThanOrEqual(3)
    await route.fulfill({ response: before })
  })
  await bob.goto(`/c/${room.classId}`)
  const column = bob.getByRole('navigation')
  await expect(column.getByRole('link', { name: /Exams/ })).toBeVisible()
  await expect(column.getByRole('link', { name: /Gone/ })).toHaveCount(0)
  await context.close()
  await school.close()
})

test('threads are read after the classes, whose numbers tell what has happened since', async ({ browser }) => {
  const school = await School.open()
  const room = await school.room()
  const context = await school.browser(browser, 'Bob', { serviceWorkers: 'block' })
  const bob = await context.newPage()
  await bob.route(/\/api\/v1\/classes(\?.*)?$/, async (route) => {
    // A page that asks for threads now would have them before the classes.
    await bob.waitForResponse(/\/threads\?/, { timeout: 2_000 }).catch(() => {})
    await school.as('Ann', 'POST', `/classes/${room.classId}/threads`, { name: 'Exams' })
    await route.continue()
  })
  await bob.goto(`/c/${room.classId}`)
  await expect(bob.getByRole('navigation').getByRole('link', { name: /Exams/ })).toBeVisible()
  await context.close()
  await school.close()
})

test('an archived thread is put away, and can be found and read after a reload', async ({ browser }) => {
  const school = await School.open()
  const room = await school.room()
  const old = await school.as<Schemas['Thread']>('Ann', 'POST', `/classes/${room.classId}/threads`, { name: 'Last year' })
  await school.as('Ann', 'POST', `/classes/${room.classId}/threads/${old.id}/messages`, { content: 'See you in September', client_id: 'september' })
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${old.id}`, { archived: true })
  const context = await school.browser(browser, 'Bob')
  const bob = await room.open(context)
  const column = bob.getByRole('navigation')
  await expect(column.getByRole('link', { name: /Last year/ })).toHaveCount(0)
  await column.getByRole('button', { name: 'Archived (1)' }).click()
  await column.getByRole('link', { name: /Last year/ }).click()
  await bob.reload()
  await expect(said(bob, 'See you in September')).toBeVisible()
  await expect(bob.getByText('This thread is archived. It can only be read.')).toBeVisible()
  await expect(column.getByRole('link', { name: /Last year/ })).toHaveAttribute('aria-current', 'page')
  await context.close()
  await school.close()
})

test('a mute ends while one looks, and what is pinned follows its message', async ({ browser }) => {
  const school = await School.open()
  const room = await school.room()
  const at = `/classes/${room.classId}/threads/${room.threadId}`
  const first = await room.say('Ann', 'Bring a pencil')
  await school.as('Ann', 'PUT', `${at}/pin`, { message_id: first.id })
  const context = await school.browser(browser, 'Bob')
  const bob = await room.open(context)
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/members/${school.users.get('Bob')}`, { muted_until: new Date(Date.now() + 4_000).toISOString() })
  await expect(bob.getByText(/You cannot write in this class until/)).toBeVisible()

  await expect(bob.locator('button.pinned')).toContainText('Bring a pencil')
  await school.as('Ann', 'PATCH', `${at}/messages/${first.id}`, { content: 'Bring a pen' })
  await expect(bob.locator('button.pinned')).toContainText('Bring a pen')
  await expect(bob.locator('button.pinned')).not.toContainText('pencil')

  await expect(composer(bob)).toBeVisible({ timeout: 15_000 })
  await write(bob, 'Here I am again')
  await expect.poll(() => room.contents()).toContain('Here I am again')
  await context.close()
  await school.close()
})

test('who missed too much to be told one by one reads it again, and loses nothing', async ({ browser }) => {
  const school = await School.open(...fast, '--max-replay=5')
  const room = await school.room()
  const first = await room.say('Ann', 'first')
  const context = await school.browser(browser, 'Bob')
  const bob = await room.open(context)
  await expect(said(bob, 'first')).toBeVisible()
  await context.setOffline(true)
  await write(bob, 'written meanwhile')
  for (let n = 0; n < 30; n++) await room.say('Cai', `missed ${n}`)
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${room.threadId}/messages/${first.id}`, { content: 'first, edited' })
  await context.setOffline(false)
  await expect(said(bob, 'missed 29')).toBeVisible({ timeout: 30_000 })
  await expect.poll(async () => (await room.contents()).at(-1)).toBe('written meanwhile')
  await room.say('Ann', 'and on it goes')
  await expect(said(bob, 'and on it goes')).toBeVisible()
  const expected = await room.contents()
  await bob.locator('article').last().focus()
  await bob.keyboard.press('Home')
  await expect(said(bob, 'first, edited')).toBeVisible()
  expect(expected).toHaveLength(33)
  await context.close()
  await school.close()
})

test('a session that was ended elsewhere leads to signing in, and back to the same place', async ({ browser }) => {
  const school = await School.open()
  const room = await school.room()
  const context = await school.browser(browser, 'Bob')
  const bob = await room.open(context)
  const { items } = (await (await context.request.get(`${school.url}/api/v1/sessions`)).json()) as Schemas['ListSession']
  const session = items.find((one) => one.current)
  await context.request.delete(`${school.url}/api/v1/sessions/${session?.id}`, { headers: { 'X-Requested-With': 'test', Origin: school.url } })
  await expect(bob).toHaveURL(new RegExp(`/sign-in\\?next=${room.path.replaceAll('/', '(?:/|%2F)')}`))
  await context.close()
  await school.close()
})
