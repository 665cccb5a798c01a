import { expect, test } from 'vitest'
import { ownPath } from '@/text/ownPath'

const origin = 'https://chat.school.example'

test('a path of our own is kept whole', () => {
  expect(ownPath('/c/3/t/9?person=4#end', origin)).toBe('/c/3/t/9?person=4#end')
})

test.each([
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\\evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  'evil.example',
  '',
  undefined,
  null,
  ['/c/1', '//evil.example'],
])('%j leads home', (next) => {
  expect(ownPath(next, origin)).toBe('/')
})

test('what stays on our host stays a path', () => {
  expect(ownPath('/%2f%2fevil.example', origin)).toBe('/%2f%2fevil.example')
  expect(ownPath('/@evil.example', origin)).toBe('/@evil.example')
  expect(ownPath('/../../c/1', origin)).toBe('/c/1')
})
