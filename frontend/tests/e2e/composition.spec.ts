import { expect, test } from '@playwright/test'
import { composer, School } from './school'

test('the Enter that ends a Chinese composition does not send', async ({ browser }) => {
  const school = await School.open()
  const room = await school.room('高一（3）班', '作业讨论')
  const context = await school.browser(browser, 'Bob', { locale: 'zh-CN' })
  const page = await room.open(context)
  const client = await context.newCDPSession(page)
  await composer(page).focus()

  await client.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 })
  // What an input method does with Enter: the key belongs to it, and the page sees 229.
  await client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Enter', code: 'Enter' })
  await client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 13, key: 'Enter', code: 'Enter' })
  await page.waitForTimeout(300)
  expect(await room.contents()).toEqual([])

  await client.send('Input.insertText', { text: '你好，作业是第几题？' })
  await expect(composer(page)).toHaveValue('你好，作业是第几题？')
  // Safari's order: the composition ends, then comes the Enter that ended it.
  await composer(page).evaluate((field) => {
    field.dispatchEvent(new CompositionEvent('compositionend', { data: '你好' }))
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  })
  await page.waitForTimeout(300)
  expect(await room.contents()).toEqual([])

  await page.keyboard.press('Enter')
  await expect(page.locator('.body')).toHaveText(['你好，作业是第几题？'])
  await expect.poll(() => room.contents()).toEqual(['你好，作业是第几题？'])
  await school.close()
})
