import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { faultOf } from '@/api/fault'
import type { Info, SignedIn, User } from '@/api/nouns'
import * as api from '@/api/session'
import { useSettings } from './settings'

const remembered = 'homeroom.user'

/** The last user of this browser, so that a reload without a network still shows who is here. */
function recall(): User | undefined {
  try {
    const text = localStorage.getItem(remembered)
    return text ? (JSON.parse(text) as User) : undefined
  } catch {
    return undefined
  }
}

/** Who is signed in. `user` is undefined for nobody. */
export const useSession = defineStore('session', () => {
  const user = ref<User>()
  const info = ref<Info>()
  const known = ref(false)
  const isAdmin = computed(() => user.value?.role === 'admin')
  const mayAddClasses = computed(() => user.value?.role === 'admin' || user.value?.role === 'teacher')

  function enter(answer: SignedIn): void {
    become(answer.user)
  }

  /** Takes over the user as the server now has it. */
  function become(next: User): void {
    user.value = next
    known.value = true
    localStorage.setItem(remembered, JSON.stringify(next))
    if (next.locale) useSettings().language = next.locale
  }

  /** Forgets who was here; what the server keeps of the session is its own matter. */
  function forget(): void {
    user.value = undefined
    known.value = true
    localStorage.removeItem(remembered)
  }

  let asking: Promise<void> | undefined
  /** Asks once who is signed in. */
  function load(): Promise<void> {
    asking ??= (async () => {
      try {
        enter(await api.current())
      } catch (thrown) {
        const fault = faultOf(thrown)
        if (fault.status === 401) forget()
        else {
          // Offline or the server is away: show what is here, and let the live
          // connection find out.
          user.value = recall()
          known.value = true
          asking = undefined
        }
      }
    })()
    return asking
  }

  async function loadInfo(): Promise<Info> {
    info.value ??= await api.info()
    return info.value
  }

  async function signIn(name: string, password: string, myDevice: boolean): Promise<void> {
    enter(await api.signIn({ name, password, my_device: myDevice }))
  }

  async function setUp(token: string, name: string, password: string): Promise<void> {
    enter(await api.setUp({ token, name, password }))
    if (info.value) info.value = { ...info.value, needs_setup: false }
  }

  async function signUp(code: string, name: string, password: string, myDevice: boolean): Promise<number> {
    const answer = await api.signUp({ code, name, password, my_device: myDevice })
    enter(answer)
    return answer.class.id
  }

  async function signOut(): Promise<void> {
    await api.signOut()
    forget()
  }

  return { user, info, known, isAdmin, mayAddClasses, enter, become, forget, load, loadInfo, signIn, setUp, signUp, signOut }
})
