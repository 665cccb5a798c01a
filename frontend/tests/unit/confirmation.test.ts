import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import * as api from '@/api/users'
import { useConfirmation } from '@/stores/confirmation'

const problem = (status: number, code: number) => () =>
  new Response(JSON.stringify({ code, title: 'refused', status }), { status, headers: { 'Content-Type': 'application/problem+json' } })
const phrase = () => new Response('{"password":"a-b-c-d"}', { status: 200, headers: { 'Content-Type': 'application/json' } })
const nothing = () => new Response(null, { status: 204 })

/** A server that answers in turn, and remembers what it was asked. */
function answers(...turn: (() => Response)[]): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')} ${await request.text()}`.trim())
    const next = turn.shift()
    if (!next) throw new Error(`asked too often: ${asked.join(', ')}`)
    return next()
  })
  return asked
}

beforeEach(() => setActivePinia(createPinia()))

test('what was refused for the password is asked again once it is given', async () => {
  const asked = answers(problem(403, 141), nothing, phrase)
  const confirmation = useConfirmation()
  const answer = api.reset(7)
  await vi.waitFor(() => expect(confirmation.asked).toBe(true))
  await confirmation.give('correct horse')
  expect(await answer).toEqual({ password: 'a-b-c-d' })
  await vi.waitFor(() => expect(confirmation.asked).toBe(false))
  expect(asked).toEqual(['POST /users/7/reset', 'POST /session/confirm {"password":"correct horse"}', 'POST /users/7/reset'])
})

test('a change is asked again with what it said', async () => {
  const asked = answers(problem(403, 141), nothing, () => new Response('{"id":7}', { status: 200, headers: { 'Content-Type': 'application/json' } }))
  const confirmation = useConfirmation()
  const answer = api.change(7, { role: 'teacher' })
  await vi.waitFor(() => expect(confirmation.asked).toBe(true))
  await confirmation.give('correct horse')
  await answer
  expect(asked[2]).toBe(asked[0])
  expect(asked[0]).toContain('"role":"teacher"')
})

test('a wrong password is said, and the right one may follow', async () => {
  answers(problem(403, 141), problem(401, 131), nothing, phrase)
  const confirmation = useConfirmation()
  const answer = api.reset(7)
  await vi.waitFor(() => expect(confirmation.asked).toBe(true))
  await expect(confirmation.give('wrong')).rejects.toMatchObject({ code: 131 })
  expect(confirmation.asked).toBe(true)
  await confirmation.give('correct horse')
  expect(await answer).toEqual({ password: 'a-b-c-d' })
})

test('who does not give it is refused, and nothing is asked again', async () => {
  const asked = answers(problem(403, 141))
  const confirmation = useConfirmation()
  const answer = api.reset(7)
  await vi.waitFor(() => expect(confirmation.asked).toBe(true))
  confirmation.refuse()
  await expect(answer).rejects.toMatchObject({ code: 141 })
  expect(asked).toHaveLength(1)
})

test('it is asked again once, however the server answers', async () => {
  const asked = answers(problem(403, 141), nothing, problem(403, 141))
  const confirmation = useConfirmation()
  const answer = api.reset(7)
  await vi.waitFor(() => expect(confirmation.asked).toBe(true))
  await confirmation.give('correct horse')
  await expect(answer).rejects.toMatchObject({ code: 141 })
  expect(asked).toHaveLength(3)
})

test('two requests that want the password are one question', async () => {
  const asked = answers(problem(403, 141), problem(403, 141), nothing, phrase, phrase)
  const confirmation = useConfirmation()
  const both = Promise.all([api.reset(7), api.reset(8)])
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  await vi.waitFor(() => expect(confirmation.asked).toBe(true))
  await confirmation.give('correct horse')
  expect(await both).toHaveLength(2)
  expect(asked.filter((line) => line.includes('confirm'))).toHaveLength(1)
})

test('another refusal asks for nothing', async () => {
  answers(problem(403, 125))
  const confirmation = useConfirmation()
  await expect(api.reset(7)).rejects.toMatchObject({ code: 125 })
  expect(confirmation.asked).toBe(false)
})
