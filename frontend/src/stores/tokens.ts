import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/me'
import type { Token } from '@/api/nouns'
import { clearedWithAll } from './pages'

/** One's own tokens. A secret is in the answer that makes it, and is not kept. */
export const useTokens = defineStore('tokens', () => {
  const list = shallowRef<readonly Token[]>()

  async function load(): Promise<void> {
    list.value = (await api.tokens()).items
  }

  /** Makes a token and returns its secret. */
  async function add(body: Parameters<typeof api.addToken>[0]): Promise<string> {
    const { secret = '', ...token } = await api.addToken(body)
    list.value = [token, ...(list.value ?? [])]
    return secret
  }

  async function revoke(id: number): Promise<void> {
    await api.removeToken(id)
    list.value = list.value?.filter((token) => token.id !== id)
  }

  const clear = () => (list.value = undefined)

  clearedWithAll(clear)
  return { clear, list, load, add, revoke }
})
