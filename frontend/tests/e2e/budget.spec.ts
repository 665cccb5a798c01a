import { expect, test } from '@playwright/test'
import { said, School } from './school'

const most = 180 * 1024

test('the first load takes at most 180 KiB of compressed script', async ({ browser }) => {
  const school = await School.open()
  const room = await school.room()
  await room.say('Ann', 'plain words')
  // Without the worker, which fetches the rest for later.
  const context = await school.browser(browser, 'Bob', { serviceWorkers: 'block' })
  const page = await context.newPage()
  const sizes = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    const url = new URL(response.url())
    if (url.pathname.endsWith('.js')) {
      const gz = fetch(response.url(), { headers: { 'Accept-Encoding': 'identity' } }).then(async (answer) => {
        const { gzipSync } = await import('node:zlib')
        return gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 9 }).length
      })
      sizes.set(url.pathname, gz)
    }
  })
  await page.goto(room.path)
  await expect(said(page, 'plain words')).toBeVisible()
  await page.waitForTimeout(1000)
  let sum = 0
  for (const size of sizes.values()) sum += await size
  console.log(`first load: ${(sum / 1024).toFixed(1)} KiB of script (gzip) in ${sizes.size} files`)
  expect(sum).toBeGreaterThan(50 * 1024)
  expect(sum).toBeLessThanOrEqual(most)
  await school.close()
})
