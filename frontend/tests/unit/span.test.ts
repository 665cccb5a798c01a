import { expect, test } from 'vitest'
import { browserOf } from '@/text/agent'
import { localInput } from '@/text/localInput'
import { lengthOf } from '@/text/password'
import { fromNow, lasting, until } from '@/text/span'

const now = Date.parse('2026-05-04T10:00:00Z')
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()

test('how long ago is said in the largest unit that fits', () => {
  expect(fromNow('en', at(-20), now)).toBe('this minute')
  expect(fromNow('en', at(-3 * 60), now)).toBe('3 minutes ago')
  expect(fromNow('en', at(-5 * 3600), now)).toBe('5 hours ago')
  expect(fromNow('en', at(-86_400), now)).toBe('yesterday')
  expect(fromNow('en', at(7 * 86_400), now)).toBe('in 7 days')
  expect(fromNow('zh-CN', at(-3 * 60), now)).toBe('3分钟前')
})

test('a wait is rounded up, so that nobody tries too early', () => {
  expect(lasting('en', 28)).toBe('28 seconds')
  expect(lasting('en', 90)).toBe('90 seconds')
  expect(lasting('en', 91)).toBe('2 minutes')
  expect(lasting('en', 7200)).toBe('2 hours')
})

test('an end that is not today has its day', () => {
  expect(until('en-GB', new Date(2026, 4, 4, 18, 5).toISOString(), new Date(2026, 4, 4, 9, 0).getTime())).toBe('18:05')
  expect(until('en-GB', new Date(2026, 4, 11, 18, 5).toISOString(), new Date(2026, 4, 4, 9, 0).getTime())).toMatch(/Mon.*11 May.*18:05/)
})

test('an input of local time gets local time', () => {
  expect(localInput(new Date(2026, 0, 2, 3, 4))).toBe('2026-01-02T03:04')
})

test('a password is as long as people count it', () => {
  expect(lengthOf('密码密码')).toBe(4)
  expect(lengthOf('👩‍🏫')).toBe(3)
  expect(lengthOf('😀😀')).toBe(2)
})

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0', 'Edge', 'Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari', 'iPhone'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox', 'Linux'],
  ['Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36', 'Chrome', 'Android'],
  ['curl/8.5', '', ''],
])('%s is told apart', (agent, browser, system) => {
  expect(browserOf(agent)).toEqual({ browser, system })
})
