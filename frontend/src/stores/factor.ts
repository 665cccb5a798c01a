import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/factor'
import type { SecondFactorState } from '@/api/nouns'
import { clearedWithAll } from './pages'
import { useSession } from './session'

/** One's own second factor. Its secret and the recovery codes are kept by nobody but who shows them. */
export const useFactor = defineStore('factor', () => {
  const state = shallowRef<SecondFactorState>()

  async function load(): Promise<void> {
    state.value = await api.state()
  }

  const begin = api.begin

  async function confirm(code: string): Promise<string[]> {
    const { codes } = await api.confirm(code)
    await Promise.all([load(), useSession().check()])
    return codes
  }

  async function newCodes(password: string, code: string): Promise<string[]> {
    const { codes } = await api.newCodes(password, code)
    await load()
    return codes
  }

  async function remove(password: string, code: string): Promise<void> {
    await api.remove(password, code)
    await Promise.all([load(), useSession().check()])
  }

  const clear = () => (state.value = undefined)

  clearedWithAll(clear)
  return { clear, state, load, begin, confirm, newCodes, remove }
})
