import { expect, test } from 'vitest'
import { Fault } from '@/api/fault'
import { fieldOf, reasonOf } from '@/text/refusal'

const fault = (code: number, detail = '', errors: { location: string; message: string }[] = []) => new Fault({ code, detail, errors })

test.each([
  [fault(136, 'it has fewer than 15 characters'), 'password', 'short15'],
  [fault(136, 'it has fewer than 8 characters'), 'password', 'short8'],
  [fault(136, 'it is one of those that are tried first'), 'password', 'common'],
  [fault(136, 'it is made of the name, or of that of this server or of a class'), 'password', 'own'],
  [fault(136, 'it has more than 256 bytes'), 'password', 'long'],
  [fault(136, 'it is too short for what the account may do now: ask an admin for a new one'), 'password', 'outgrown'],
  [fault(136, 'it is too short without a second factor: choose a longer one first'), 'password', 'alone'],
  [fault(143, 'The code is wrong or was used'), 'code', undefined],
  [fault(127, 'the name is taken'), 'name', 'taken'],
  [fault(104, 'name is empty'), 'name', 'empty'],
  [fault(104, 'name holds a character that cannot be shown'), 'name', 'unseen'],
  [fault(104, 'email is not an address'), 'email', 'email'],
  [fault(124, 'description'), 'description', undefined],
  [fault(137), 'code', undefined],
  [fault(131), 'current', undefined],
  [fault(104, 'validation failed', [{ location: 'body.new', message: 'expected string' }]), 'password', undefined],
  [fault(104, 'validation failed', [{ location: 'body.name', message: 'expected string' }]), 'name', undefined],
  [fault(125), undefined, undefined],
  [fault(0), undefined, undefined],
])('$message is said at its field', (refused, field, reason) => {
  expect(fieldOf(refused)).toBe(field)
  expect(reasonOf(refused)).toBe(reason)
})
