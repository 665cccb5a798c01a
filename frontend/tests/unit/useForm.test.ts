import { createPinia, setActivePinia } from 'pinia'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { Fault } from '@/api/fault'
import { useForm } from '@/composables/useForm'
import { i18n, speak } from '@/i18n'
import type { Field } from '@/text/refusal'

beforeEach(async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }))
  setActivePinia(createPinia())
  await speak('en')
})
afterEach(() => vi.useRealTimers())

function formOf(...fields: readonly Field[]) {
  const made: ReturnType<typeof useForm>[] = []
  const wrapper = mount(
    defineComponent(() => {
      made.push(useForm(...fields))
      return () => h('p')
    }),
    { global: { plugins: [i18n] } },
  )
  const [form] = made
  if (!form) throw new Error('no form')
  return { form, wrapper }
}
const refuse = (code: number, detail = '', retryAfter?: number) => () => Promise.reject(new Fault({ code, detail, retry_after: retryAfter }))

test('a refusal stands at the field that it is about', async () => {
  const { form } = formOf('name', 'password')
  expect(await form.submit(refuse(136, 'it has fewer than 8 characters'))).toBe(false)
  expect(form.errors.password).toMatch(/at least 8/)
  expect(form.failure).toBe('')
  expect(await form.submit(refuse(127, 'the name is taken'))).toBe(false)
  expect(form.errors.name).toMatch(/taken/)
  expect(form.errors.password).toBeUndefined()
})

test('a refusal of a field that the form lacks stands above the button', async () => {
  const { form } = formOf()
  await form.submit(refuse(131))
  expect(form.failure).toBe('The name or the password is wrong')
  expect(Object.keys(form.errors)).toEqual([])
})

test('after too many tries it counts down and does not ask before', async () => {
  vi.useFakeTimers()
  const { form, wrapper } = formOf()
  await form.submit(refuse(138, '', 3))
  expect(form.failure).toMatch(/3 seconds/)
  const work = vi.fn(() => Promise.resolve())
  expect(await form.submit(work)).toBe(false)
  expect(work).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1000)
  expect(form.failure).toMatch(/2 seconds/)
  await vi.advanceTimersByTimeAsync(2000)
  expect(form.failure).toBe('')
  expect(await form.submit(work)).toBe(true)
  wrapper.unmount()
  expect(vi.getTimerCount()).toBe(0)
})

test('two clicks are one request', async () => {
  const { form } = formOf()
  let done = () => {}
  const work = vi.fn(() => new Promise<void>((resolve) => (done = resolve)))
  const first = form.submit(work)
  expect(await form.submit(work)).toBe(false)
  done()
  expect(await first).toBe(true)
  expect(work).toHaveBeenCalledTimes(1)
})
