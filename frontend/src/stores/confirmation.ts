import { defineStore } from 'pinia'
import { ref } from 'vue'
import { whenUnconfirmed } from '@/api/client'
import * as api from '@/api/session'
import { clearedWithAll } from './pages'

/**
 * The password once more: the server asks staff for it before what cannot be
 * undone. Whatever was refused for it goes on by itself once it is given.
 */
export const useConfirmation = defineStore('confirmation', () => {
  const asked = ref(false)
  let waiting: Promise<boolean> | undefined
  let answer: (given: boolean) => void = () => {}

  function ask(): Promise<boolean> {
    waiting ??= new Promise<boolean>((resolve) => {
      asked.value = true
      answer = resolve
    }).finally(() => {
      asked.value = false
      waiting = undefined
    })
    return waiting
  }

  async function give(password: string): Promise<void> {
    await api.confirm(password)
    answer(true)
  }

  const refuse = () => answer(false)

  whenUnconfirmed(ask)
  clearedWithAll(refuse)
  return { asked, give, refuse }
})
