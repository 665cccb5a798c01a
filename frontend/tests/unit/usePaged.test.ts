import { expect, test } from 'vitest'
import { Fault } from '@/api/fault'
import type { Part } from '@/api/nouns'
import { usePaged } from '@/composables/usePaged'

type One = { id: number }
const some = (...ids: number[]) => ids.map((id) => ({ id }))

test('parts follow each other until there is no next', async () => {
  const parts: Record<string, Part<One>> = { '': { items: some(1, 2), next: 'a' }, a: { items: some(3) } }
  const list = usePaged<One>((cursor) => Promise.resolve(parts[cursor ?? ''] ?? { items: [] }))
  await list.reload()
  await list.more()
  await list.more()
  expect(list.items).toEqual(some(1, 2, 3))
})

// A new user stood twice in a list that is longer than a part, under one key.
test('what was put in front does not come once more with its part', async () => {
  const list = usePaged<One>((cursor) => Promise.resolve(cursor ? { items: some(2, 3) } : { items: some(1), next: 'a' }))
  await list.reload()
  list.prepend({ id: 3 })
  await list.more()
  expect(list.items).toEqual(some(3, 1, 2))
})

test('an answer to an older question is dropped', async () => {
  const answers: ((items: One[]) => void)[] = []
  const list = usePaged<One>(() => new Promise((resolve) => answers.push((items) => resolve({ items }))))
  const first = list.reload()
  const second = list.reload()
  answers[1]?.(some(2))
  await second
  answers[0]?.(some(1))
  await first
  expect(list.items).toEqual(some(2))
})

test('a part that fails leaves what is there, and can be asked for again', async () => {
  let fails = false
  const list = usePaged<One>((cursor) => (fails ? Promise.reject(new Fault({ code: 0 })) : Promise.resolve({ items: some(cursor ? 2 : 1), next: cursor ? undefined : 'a' })))
  await list.reload()
  fails = true
  await list.more()
  expect(list.items).toEqual(some(1))
  expect(list.fault?.code).toBe(0)
  fails = false
  await list.more()
  expect(list.items).toEqual(some(1, 2))
  expect(list.fault).toBeUndefined()
})
