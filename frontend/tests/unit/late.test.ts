import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { late } from '@/components/late'
import { useNotes } from '@/stores/notes'
import { useSession } from '@/stores/session'
import { renewWhenOutdated } from '@/worker'
import { stage } from './stage'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  sessionStorage.clear()
})

it('a part that does not come says so, is taken back, and comes when it is asked for again', async () => {
  const open = ref(true)
  let there = false
  const load = () => (there ? Promise.resolve({ __esModule: true, default: defineComponent(() => () => h('p', 'a dialog')) }) : Promise.reject(new Error('404')))
  const Part = late(load, () => (open.value = false))
  const errorHandler = vi.fn()
  const { wrapper } = await stage(
    defineComponent(() => () => open.value && h(Part)),
    {},
    { global: { config: { errorHandler } } },
  )
  await flushPromises()
  expect(useNotes().notes.map((note) => note.text)).toEqual(['A part of the page could not be loaded. Try again'])
  expect(open.value).toBe(false)
  there = true
  open.value = true
  await flushPromises()
  expect(wrapper.text()).toBe('a dialog')
})

// It once did so for the first update in the life of a tab, and for none after; then again and again.
it('a page without a part is renewed once for every build, and never goes round', () => {
  const reload = vi.fn()
  vi.stubGlobal('location', { reload })
  vi.useFakeTimers()
  const opened = (build: string) => {
    renewWhenOutdated(build)
    vi.advanceTimersByTime(60_000)
  }
  const lost = () => window.dispatchEvent(new Event('vite:preloadError', { cancelable: true }))
  opened('index-a.js')
  lost()
  lost()
  expect(reload).toHaveBeenCalledTimes(1)
  opened('index-a.js')
  lost()
  expect(reload, 'it did not help').toHaveBeenCalledTimes(1)
  opened('index-b.js')
  lost()
  expect(reload).toHaveBeenCalledTimes(2)
  opened('index-a.js')
  lost()
  expect(reload, 'of two servers each has its own').toHaveBeenCalledTimes(2)
})

it('nor does the page of somebody who is signed out', () => {
  const reload = vi.fn()
  vi.stubGlobal('location', { reload })
  setActivePinia(createPinia())
  for (let loads = 0; loads < 2; loads++) {
    renewWhenOutdated('index-a.js')
    useSession().forget()
    window.dispatchEvent(new Event('vite:preloadError', { cancelable: true }))
  }
  expect(reload).toHaveBeenCalledTimes(1)
})
