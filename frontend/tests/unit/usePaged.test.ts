import { expect, test } from 'vitest'
import { Fault } from '@/api/fault'
import { usePaged } from '@/composables/usePaged'

test('parts follow each other until there is no next', async () => {
  const parts: Record<string, { items: number[]; next?: string }> = { '': { items: [1, 2], next: 'a' }, a: { items: [3] } }
  const list = usePaged<number>((cursor) => Promise.resolve(parts[cursor ?? ''] ?? { items: [] }))
  await list.reload()
  await list.more()
  await list.more()
  expect(list.items).toEqual([1, 2, 3])
})

test('an answer to an older question is dropped', async () => {
  const answers: ((items: number[]) => void)[] = []
  const list = usePaged<number>(() => new Promise((resolve) => answers.push((items) => resolve({ items }))))
  const first = list.reload()
  const second = list.reload()
  answers[1]?.([2])
  await second
  answers[0]?.([1])
  await first
  expect(list.items).toEqual([2])
})

test('a part that fails leaves what is there, and can be asked for again', async () => {
  let fails = false
  const list = usePaged<number>((cursor) => (fails ? Promise.reject(new Fault({ code: 0 })) : Promise.resolve({ items: [cursor ? 2 : 1], next: cursor ? undefined : 'a' })))
  await list.reload()
  fails = true
  await list.more()
  expect(list.items).toEqual([1])
  expect(list.fault?.code).toBe(0)
  fails = false
  await list.more()
  expect(list.items).toEqual([1, 2])
  expect(list.fault).toBeUndefined()
})
