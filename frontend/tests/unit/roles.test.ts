import { expect, test } from 'vitest'
import { codeRoles, givable, isOver } from '@/text/roles'

test('an owner gives any role, a teacher those below, the others none', () => {
  expect(givable('owner')).toEqual(['owner', 'teacher', 'assistant', 'student'])
  expect(givable('teacher')).toEqual(['assistant', 'student'])
  expect(givable('assistant')).toEqual([])
  expect(givable('student')).toEqual([])
  expect(givable(undefined)).toEqual([])
})

test('nobody stands above an equal', () => {
  expect(isOver('owner', 'owner')).toBe(false)
  expect(isOver('teacher', 'teacher')).toBe(false)
  expect(isOver('assistant', 'student')).toBe(true)
  expect(isOver('student', 'assistant')).toBe(false)
  expect(isOver(undefined, 'student')).toBe(false)
})

test('a code makes no owner', () => {
  expect(codeRoles('owner')).toEqual(['teacher', 'assistant', 'student'])
  expect(codeRoles('teacher')).toEqual(['assistant', 'student'])
  expect(codeRoles('assistant')).toEqual([])
})
