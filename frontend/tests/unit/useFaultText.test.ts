import { expect, it } from 'vitest'
import { defineComponent } from 'vue'
import { Fault } from '@/api/fault'
import { useFaultText } from '@/composables/useFaultText'
import { stage } from './stage'

it.each([
  [undefined, 'Too many tries. Wait a little and try again'],
  [1, 'Too many tries. Try again in 1 second.'],
  [3000, 'Too many tries. Try again in 50 minutes.'],
])('after too many tries it is said how long to wait, as far as that is known: %s', async (retry_after, words) => {
  const { wrapper } = await stage(
    defineComponent(() => {
      const faultText = useFaultText()
      return () => faultText(new Fault({ code: 138, retry_after }))
    }),
  )
  expect(wrapper.text()).toBe(words)
  wrapper.unmount()
})
