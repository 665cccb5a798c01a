import { expect, test } from 'vitest'
import { codeLetters, groupedCode, isOpen, isWholeCode, joinLink } from '@/text/code'

test.each([
  ['7kq2-m9xt', '7KQ2-M9XT'],
  [' 7KQ2 M9XT ', '7KQ2-M9XT'],
  ['7kq2m9xt', '7KQ2-M9XT'],
  ['7KQ2–M9XT', '7KQ2-M9XT'],
  ['７ｋｑ２－ｍ９ｘｔ', '7KQ2-M9XT'],
  ['7.k.q.2.m.9.x.t', '7KQ2-M9XT'],
  ['https://chat.school.example/join#code=7KQ2-M9XT', '7KQ2-M9XT'],
  ['https://chat.school.example/join/7KQ2-M9XT', '7KQ2-M9XT'],
  ['7KQ2-M9XT and more', '7KQ2-M9XT'],
  ['7kq', '7KQ'],
  ['7kq2m', '7KQ2-M'],
  ['加入码', ''],
])('%s is read as %s', (typed, code) => {
  expect(groupedCode(typed)).toBe(code)
})

test('a link that was copied brings the code back', () => {
  expect(codeLetters(joinLink('https://chat.school.example', '7KQ2-M9XT'))).toBe('7KQ2M9XT')
})

test('a code is whole with eight letters', () => {
  expect(isWholeCode('7KQ2-M9X')).toBe(false)
  expect(isWholeCode('7KQ2-M9XT')).toBe(true)
})

test('a code that was revoked, used up or is too old lets nobody in', () => {
  const now = Date.parse('2026-05-01T12:00:00Z')
  const code = { expires_at: '2026-05-01T12:00:01.000Z', uses: 2, max_uses: 3 }
  expect(isOpen(code, now)).toBe(true)
  expect(isOpen({ ...code, uses: 3 }, now)).toBe(false)
  expect(isOpen({ ...code, revoked_at: '2026-05-01T11:00:00.000Z' }, now)).toBe(false)
  expect(isOpen(code, now + 1000)).toBe(false)
})
