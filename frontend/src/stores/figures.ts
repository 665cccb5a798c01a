import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { faultOf, type Fault } from '@/api/fault'
import type { Stats } from '@/api/nouns'
import * as api from '@/api/stats'
import { clearedWithAll } from './pages'

/** How the server fares, for admins. What was read stays while it cannot be read again. */
export const useFigures = defineStore('figures', () => {
  const stats = shallowRef<Stats>()
  const fault = shallowRef<Fault>()
  const reading = ref(false)

  async function read(): Promise<void> {
    if (reading.value) return
    reading.value = true
    try {
      stats.value = await api.read()
      fault.value = undefined
    } catch (thrown) {
      fault.value = faultOf(thrown)
    } finally {
      reading.value = false
    }
  }

  function clear(): void {
    stats.value = undefined
    fault.value = undefined
  }

  clearedWithAll(clear)
  return { stats, fault, read, clear }
})
