import { expect, test, type Locator, type Page } from '@playwright/test'
import { found } from './axe'
import { photo, picked, png, text } from './pictures'
import { composer, fast, Room, said, School, write } from './school'

test.use({ serviceWorkers: 'allow' })

let school: School
let room: Room
test.beforeAll(async () => {
  school = await School.open(...fast, '--uploads-per-minute=100000', '--max-file-bytes=4000000')
  room = await school.room()
})
test.afterAll(() => school.close())

/** A thread of its own in the same class. */
async function thread(name: string): Promise<Room> {
  const { id } = await school.as<{ id: number }>('Ann', 'POST', `/classes/${room.classId}/threads`, { name })
  return new Room(school, room.classId, id)
}

const attach = (page: Page, ...files: ReturnType<typeof picked>[]) => page.locator('form.composer input[type=file]').setInputFiles(files)
const chips = (page: Page) => page.locator('[data-file]')
const ready = (page: Page) => page.locator('[data-file="ready"]')
const send = (page: Page) => page.locator('form.composer button.send')

/** Hands files to the page as a hand on the mouse does. */
async function drag(page: Page, type: string, target: string, ...files: ReturnType<typeof picked>[]): Promise<void> {
  const data = await page.evaluateHandle(
    (files) => {
      const data = new DataTransfer()
      for (const { name, type, bytes } of files) data.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], name, { type }))
      return data
    },
    files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, bytes: buffer.toString('base64') })),
  )
  await page.dispatchEvent(target, type, { dataTransfer: data })
}

const drawn = (image: Locator) => image.evaluate((one: HTMLImageElement) => one.complete && one.naturalWidth > 0)

test('a picture and a document are attached, sent without a word, and seen and fetched in another browser', async ({ browser }) => {
  const here = await thread('Seen')
  const [bobs, anns] = await Promise.all([school.browser(browser, 'Bob'), school.browser(browser, 'Ann')])
  const [bob, ann] = await Promise.all([here.open(bobs), here.open(anns)])
  const chooser = bob.waitForEvent('filechooser')
  await expect(composer(bob)).toBeFocused()
  await bob.keyboard.press('Shift+Tab')
  await expect(bob.getByRole('button', { name: 'Attach files' })).toBeFocused()
  await bob.keyboard.press('Enter')
  await (await chooser).setFiles([photo('board.png'), text('lab report.txt', 'measured: 9.81\n')])
  await expect(ready(bob)).toHaveCount(2)
  await expect(composer(bob)).toBeFocused()
  expect(await found(bob)).toEqual([])
  await bob.keyboard.press('Enter')
  await expect(chips(bob)).toHaveCount(0)

  const image = ann.getByRole('img', { name: 'board.png' })
  await expect(image).toBeVisible()
  await expect.poll(() => drawn(image)).toBe(true)
  const download = ann.waitForEvent('download')
  await ann.getByRole('link', { name: /^Download lab report\.txt/ }).click()
  const kept = await download
  expect(kept.suggestedFilename()).toBe('lab report.txt')
  const chunks: Buffer[] = []
  for await (const part of await kept.createReadStream()) chunks.push(part as Buffer)
  expect(Buffer.concat(chunks).toString()).toBe('measured: 9.81\n')
  expect(await found(ann)).toEqual([])
  expect((await here.messages()).map((one) => [one.content, one.files.map((file) => file.name)])).toEqual([['', ['board.png', 'lab report.txt']]])
  // What lists, quotes and listeners say of it.
  await expect(ann.locator('article').last()).toHaveAccessibleName(/: board\.png and 1 more$/)
  await Promise.all([bobs.close(), anns.close()])
})

test('files are dropped on the conversation, which says so, and a picture is pasted', async ({ browser }) => {
  const here = await thread('Dropped')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  await drag(page, 'dragover', 'main .scroller', text('a.txt'))
  await expect(page.getByText('Drop here to attach to Dropped')).toBeVisible()
  await drag(page, 'drop', 'main .scroller', text('a.txt'), text('b.txt'))
  await expect(page.getByText('Drop here to attach to Dropped')).toBeHidden()
  await expect(ready(page)).toHaveCount(2)

  // One that misses changes nothing, and above all does not take the page's place.
  await drag(page, 'dragover', 'nav', text('c.txt'))
  await drag(page, 'drop', 'nav', text('c.txt'))
  await expect(page).toHaveURL(new RegExp(`${here.path}$`))

  await composer(page).focus()
  await page.evaluate((bytes) => {
    const data = new DataTransfer()
    data.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], 'image.png', { type: 'image/png' }))
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, png(60, 40).toString('base64'))
  await expect(ready(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'Remove b.txt' }).click()
  await write(page, 'Three ways')
  await expect(page.getByRole('img', { name: 'image.png' })).toBeVisible()
  await expect.poll(async () => (await here.messages())[0]?.files.map((file) => file.name)).toEqual(['a.txt', 'image.png'])
  await context.close()
})

test('what is refused says why in plain words, and sending waits for it to be gone', async ({ browser }) => {
  const here = await thread('Refused')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  await attach(page, text('fine.txt'), picked('setup.exe', Buffer.from('MZ')), picked('fake.png', Buffer.from('no picture')), picked('big.txt', Buffer.alloc(4_000_001, 'x')), picked('empty.txt', Buffer.alloc(0)))
  await expect(page.locator('[data-file="refused"]')).toHaveCount(4)
  await expect(ready(page)).toHaveText(/fine\.txt/)
  const why = (name: string) => chips(page).filter({ hasText: name })
  await expect(why('setup.exe')).toContainText('This kind of file is not accepted')
  await expect(why('fake.png')).toContainText('This kind of file is not accepted')
  await expect(why('big.txt')).toContainText('Larger than 4 MB')
  await expect(why('empty.txt')).toContainText('Empty')
  await composer(page).fill('Only the text')
  await page.keyboard.press('Enter')
  await expect(send(page)).toHaveAccessibleName('Remove the file that was not taken, then send')
  expect(await here.contents()).toEqual([])
  expect(await found(page)).toEqual([])
  for (const name of ['setup.exe', 'fake.png', 'big.txt', 'empty.txt']) await page.getByRole('button', { name: `Remove ${name}` }).click()
  await send(page).click()
  await expect.poll(() => here.contents()).toEqual(['Only the text'])
  await context.close()
})

test('ten files go with a message, and the eleventh is told that it does not', async ({ browser }) => {
  const here = await thread('Ten')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  await attach(page, ...Array.from({ length: 11 }, (_, n) => photo(`p${n}.png`, 40 + n, 30)))
  await expect(page.getByText('A message takes 10 files. 1 was left out')).toBeVisible()
  await expect(ready(page)).toHaveCount(10)
  await composer(page).press('Enter')
  await expect(page.locator('article').last().getByRole('img')).toHaveCount(10)
  await expect.poll(async () => (await here.messages())[0]?.files.length).toBe(10)
  await context.close()
})

test('an upload that breaks off goes on by itself from where it was', async ({ browser }) => {
  const here = await thread('Broken')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  const offsets: number[] = []
  page.on('request', (request) => {
    if (request.method() === 'PUT') offsets.push(Number(new URL(request.url()).searchParams.get('offset')))
  })
  // The network goes in the middle of a part.
  let parts = 0
  await page.route('**/content?offset=*', async (route) => {
    if (++parts !== 4) return route.continue()
    await context.setOffline(true)
    await route.abort('internetdisconnected')
  })
  const body = Buffer.alloc(2_000_000, 'measured again and again\n')
  await attach(page, picked('measures.txt', body, 'text/plain'))
  await expect(chips(page)).toHaveAttribute('data-file', 'held')
  await expect(chips(page)).toContainText('Waiting for the connection')
  await expect(page.getByRole('progressbar', { name: 'How much of measures.txt has arrived' })).toHaveAttribute('value', '786432')
  await composer(page).fill('All that I measured')
  await expect(send(page)).toHaveAccessibleName('Sending is possible once 1 file is ready')
  await page.waitForTimeout(1500)
  await context.setOffline(false)
  await expect(ready(page)).toHaveCount(1, { timeout: 30_000 })
  // Nothing was brought twice: the part that broke off never left.
  const part = 256 * 1024
  const arrived = [...new Set(offsets)]
  expect(arrived).toEqual(Array.from({ length: Math.ceil(body.length / part) }, (_, n) => n * part))
  await send(page).click()
  await expect.poll(async () => (await here.messages())[0]?.files[0]?.size).toBe(body.length)
  await context.close()
})

test('what is ready waits with the draft, over a change of thread and a reload', async ({ browser }) => {
  const here = await thread('Draft')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  await attach(page, photo('sketch.png'), text('notes.txt'))
  await expect(ready(page)).toHaveCount(2)
  await page.getByRole('link', { name: /^Homework/ }).click()
  await expect(page).toHaveURL(new RegExp(`${room.path}$`))
  await expect(chips(page)).toHaveCount(0)
  await page.getByRole('link', { name: /^Draft/ }).click()
  await expect(ready(page)).toHaveCount(2)
  await page.reload()
  await expect(ready(page)).toHaveText([/sketch\.png/, /notes\.txt/])
  await composer(page).press('Enter')
  await expect.poll(async () => (await here.messages())[0]?.files.length).toBe(2)
  await page.reload()
  await expect(page.getByRole('img', { name: 'sketch.png' })).toBeVisible()
  await expect(chips(page)).toHaveCount(0)
  await context.close()
})

test('a message that waits for the network shows its files, also after a reload, and arrives once', async ({ browser }) => {
  const here = await thread('Queued')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await attach(page, photo('queued.png', 600, 400), text('queued.txt'))
  await expect(ready(page)).toHaveCount(2)
  await context.setOffline(true)
  await write(page, 'Soon')
  const entry = page.locator('article', { has: page.getByRole('img', { name: 'Sending' }) })
  await expect(entry.getByRole('img', { name: 'queued.png' })).toBeVisible()
  await expect(entry.getByRole('link', { name: /queued\.txt/ })).toBeVisible()
  await page.reload()
  await composer(page).waitFor()
  await expect(entry.getByRole('img', { name: /^queued\.png/ })).toBeVisible()
  await expect(entry.getByRole('link', { name: /queued\.txt/ })).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole('img', { name: 'Sending' })).toHaveCount(0, { timeout: 30_000 })
  await expect(page.getByRole('img', { name: 'queued.png', exact: true })).toBeVisible()
  expect((await here.messages()).map((one) => [one.content, one.files.length])).toEqual([['Soon', 2]])
  await context.close()
})

test('words whose file is gone are sent without it, once, and a file alone can only be discarded', async ({ browser }) => {
  const here = await thread('Forgotten')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  const gone = async (file: string, words: string) => {
    const created = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/files'))
    await attach(page, text(file))
    const { id } = (await (await created).json()) as { id: number }
    await expect(ready(page)).toHaveCount(1)
    await context.setOffline(true)
    if (words) await composer(page).fill(words)
    await send(page).click()
    await expect(page.getByRole('img', { name: 'Sending' })).toBeVisible()
    await school.as('Bob', 'DELETE', `/classes/${here.classId}/files/${id}`)
    await context.setOffline(false)
  }
  const failed = page.getByRole('alert').filter({ hasText: 'A file of this message is not there any more' })
  await gone('gone.txt', 'Never lost')
  await expect(failed).toBeVisible({ timeout: 30_000 })
  await expect(failed.getByRole('button')).toHaveText(['Send without files', 'Discard'])
  expect(await found(page)).toEqual([])
  await failed.getByRole('button', { name: 'Send without files' }).click()
  await expect(failed).toHaveCount(0)
  await expect.poll(async () => (await here.messages()).map((one) => [one.content, one.files.length])).toEqual([['Never lost', 0]])
  await expect(said(page, 'Never lost')).toHaveCount(1)
  await gone('alone.txt', '')
  await expect(failed).toBeVisible({ timeout: 30_000 })
  await expect(failed.getByRole('button')).toHaveText(['Discard'])
  await failed.getByRole('button', { name: 'Discard' }).click()
  await expect(failed).toHaveCount(0)
  await page.reload()
  await expect(said(page, 'Never lost')).toHaveCount(1)
  expect(await here.messages()).toHaveLength(1)
  await context.close()
})

test('nothing moves when pictures arrive: neither above the reader nor at the end', async ({ browser }) => {
  const here = await thread('Still')
  const bobs = await school.browser(browser, 'Bob')
  const bob = await here.open(bobs)
  for (const [n, sizes] of [[[1600, 1200]], [[300, 900], [900, 300]], [[500, 500], [10, 10], [1200, 300]]].entries()) {
    await attach(bob, ...sizes.map(([width, height], index) => photo(`still ${n} ${index}.png`, width, height)))
    await expect(ready(bob)).toHaveCount(sizes.length)
    await write(bob, `pictures ${n}`)
    await expect(chips(bob)).toHaveCount(0)
  }
  await bobs.close()

  const anns = await school.browser(browser, 'Ann', { serviceWorkers: 'block' })
  const ann = await anns.newPage()
  const waiting: (() => void)[] = []
  await ann.route('**/preview', async (route) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    await route.continue()
  })
  await ann.goto(here.path)
  await expect(said(ann, 'pictures 0')).toBeVisible()
  await ann.waitForTimeout(800)
  const places = () => ann.evaluate(() => [...document.querySelectorAll('article, .tile')].map((one) => JSON.stringify(one.getBoundingClientRect())))
  const before = await places()
  expect(waiting.length).toBeGreaterThan(0)
  while (waiting.length) {
    for (const go of waiting.splice(0)) go()
    await ann.waitForTimeout(300)
  }
  await expect.poll(() => ann.evaluate(() => [...document.images].every((one) => one.complete && one.naturalWidth > 0))).toBe(true)
  expect(await places()).toEqual(before)
  const sizes = await ann.evaluate(() => [...document.querySelectorAll('.tile')].map((one) => one.getBoundingClientRect()).map(({ width, height }) => [width, height]))
  for (const [width = 0, height = 0] of sizes) {
    expect(width).toBeLessThanOrEqual(400)
    expect(height).toBeLessThanOrEqual(301)
  }
  await anns.close()
})

test('a picture opens in a dialog: arrows lead through those of the message, Esc gives the focus back', async ({ browser }) => {
  const here = await thread('Dialog')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  await attach(page, photo('first.png', 900, 600), photo('second.png', 600, 900), text('words.txt'))
  await expect(ready(page)).toHaveCount(3)
  await write(page, 'Two pictures')
  // The row of a message on its way is not yet the row of the message.
  await expect(page.getByRole('img', { name: 'Sending' })).toHaveCount(0)
  const tile = page.getByRole('button', { name: 'second.png' })
  await tile.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'second.png' })
  await expect(dialog.getByRole('img', { name: 'second.png' })).toBeVisible()
  await expect(dialog.getByText('2 of 2')).toBeVisible()
  await expect(dialog.getByRole('link', { name: 'Download' })).toHaveAttribute('href', /\/content$/)
  expect(await found(page)).toEqual([])
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('dialog', { name: 'first.png' }).getByRole('img')).toHaveAccessibleName('first.png')
  await page.getByRole('button', { name: 'Previous picture' }).click()
  await expect(page.getByRole('dialog', { name: 'second.png' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(tile).toBeFocused()
  await context.close()
})

test('a deleted message takes its files away from all but staff', async ({ browser }) => {
  const here = await thread('Deleted')
  const [bobs, anns] = await Promise.all([school.browser(browser, 'Bob'), school.browser(browser, 'Ann')])
  const [bob, ann] = await Promise.all([here.open(bobs), here.open(anns)])
  await attach(bob, photo('gone.png'))
  await expect(ready(bob)).toHaveCount(1)
  await composer(bob).press('Enter')
  await expect(ann.getByRole('img', { name: 'gone.png' })).toBeVisible()
  const [message] = await here.messages()
  const path = `/classes/${room.classId}/files/${message?.files[0]?.id}`
  await bob.locator('article').last().focus()
  await bob.keyboard.press('Delete')
  await bob.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  for (const page of [bob, ann]) await expect(page.getByRole('img', { name: 'gone.png' })).toHaveCount(0)
  await expect(school.as('Bob', 'GET', path)).rejects.toThrow(/404/)
  await ann.getByRole('button', { name: 'See what it said' }).click()
  const image = ann.getByRole('dialog').getByRole('img', { name: 'gone.png' })
  await expect(image).toBeVisible()
  await expect.poll(() => drawn(image)).toBe(true)
  expect(await found(ann)).toEqual([])
  await Promise.all([bobs.close(), anns.close()])
})

test('the details list what was sent, follow what is sent and deleted, and lead to the message', async ({ browser }) => {
  const here = await thread('Listed')
  const context = await school.browser(browser, 'Bob', { viewport: { width: 1300, height: 800 } })
  const page = await here.open(context)
  await page.getByRole('button', { name: 'Members and details' }).click()
  const list = page.getByRole('region', { name: 'Details' }).getByRole('list', { name: 'Files' })
  await expect(page.getByText('No files in this thread yet.')).toBeVisible()
  for (let n = 0; n < 7; n++) {
    await attach(page, text(`sheet ${n}.txt`))
    await expect(ready(page)).toHaveCount(1)
    await write(page, `sheet no. ${n}`)
    await expect(list.getByRole('listitem')).toHaveCount(n + 1)
  }
  for (let n = 0; n < 20; n++) await here.say('Ann', `between ${n}\nand more`)
  await page.reload()
  await expect(list.getByRole('listitem')).toHaveCount(5)
  await expect(list.getByRole('listitem').first()).toContainText('sheet 6.txt')
  await page.getByRole('button', { name: 'Show older files' }).click()
  await expect(list.getByRole('listitem')).toHaveCount(7)
  expect(await found(page)).toEqual([])
  await list.getByRole('link', { name: /^sheet 0\.txt/ }).click()
  await expect(said(page, 'sheet no. 0')).toBeInViewport()

  const [first] = await here.messages()
  await school.as('Bob', 'DELETE', `/classes/${room.classId}/threads/${here.threadId}/messages/${first?.id}`)
  await expect(list.getByRole('listitem')).toHaveCount(6)
  await page.getByRole('button', { name: 'Whole class' }).click()
  await expect(list.getByRole('listitem').first()).toContainText('sheet 6.txt')
  await page.route('**/files?*', (route) => route.abort())
  await page.reload()
  // While the page comes the list may be asked for more than once: the last time is to fail too.
  await expect(said(page, 'between').first()).toBeVisible()
  await page.waitForLoadState('networkidle')
  await expect(page.getByText('The server cannot be reached')).toBeVisible()
  await page.unroute('**/files?*')
  await page.getByRole('region', { name: 'Details' }).getByRole('button', { name: 'Retry' }).click()
  await expect(list.getByRole('listitem')).toHaveCount(5)
  await context.close()
})

for (const [locale, colorScheme] of [
  ['en-GB', 'light'],
  ['zh-CN', 'dark'],
] as const) {
  test(`on a phone all of it fits, and is large enough for a finger (${locale}, ${colorScheme})`, async ({ browser }) => {
    const here = await thread(`Phone ${locale}`)
    const context = await school.browser(browser, 'Bob', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale, colorScheme, reducedMotion: 'reduce' })
    const page = await here.open(context)
    const name = `${'a very long name of a sheet '.repeat(3)}.txt`
    await attach(page, photo('one.png', 1600, 900), photo('two.png'), text(name), picked('no.exe', Buffer.from('MZ')))
    await expect(ready(page)).toHaveCount(3)
    await expect(page.locator('[data-file="refused"]')).toHaveCount(1)
    const check = async () => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, a')]
          .filter((one) => !one.closest('.body') && one.getClientRects().length > 0)
          .map((one) => ({ name: one.getAttribute('aria-label') ?? one.textContent?.trim() ?? '', box: one.getBoundingClientRect() }))
          .filter(({ box: { width, height } }) => width < 44 || height < 32)
          .map(({ name, box: { width, height } }) => `${name} ${Math.round(width)}x${Math.round(height)}`),
      )
      expect(small).toEqual([])
      expect(await found(page)).toEqual([])
    }
    await check()
    await page.locator('[data-file="refused"] button').last().tap()
    await send(page).tap()
    await expect(page.locator('.tile')).toHaveCount(2)
    await check()
    await page.locator('.tile').first().tap()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check()
    await page.locator('.picture-dialog .close').tap()
    await page.goto(`${here.path}?details`)
    await expect(page.locator('.filed li')).toHaveCount(3)
    await check()
    await context.close()
  })
}

test('who may not write attaches nothing', async ({ browser }) => {
  const here = await thread('Locked')
  const context = await school.browser(browser, 'Bob')
  const page = await here.open(context)
  await attach(page, text('mine.txt'))
  await expect(ready(page)).toHaveCount(1)
  await school.as('Ann', 'PATCH', `/classes/${room.classId}/threads/${here.threadId}`, { locked: true })
  await expect(page.getByRole('button', { name: 'Attach files' })).toHaveCount(0)
  await drag(page, 'dragover', 'main .scroller', text('late.txt'))
  await expect(page.locator('.drop')).toHaveCount(0)
  await context.close()
})
