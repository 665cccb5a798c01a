import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { faultOf } from '@/api/fault'
import type { Info, SignedIn, User } from '@/api/nouns'
import * as api from '@/api/session'
import { forgetFailed } from '@/outbox/shelf'
import { forgetDrafts } from '@/text/draft'
import { useSettings } from './settings'

const remembered = 'homeroom.user'

/** Who was here before the reload, for a reload without a network. */
function recall(): User | undefined {
  try {
    const text = sessionStorage.getItem(remembered) ?? localStorage.getItem(remembered)
    return text ? (JSON.parse(text) as User) : undefined
  } catch {
    return undefined
  }
}

/** On one's own device for the next visit too, elsewhere for this tab alone. */
function remember(user: User, myDevice: boolean): void {
  const [here, there] = myDevice ? [localStorage, sessionStorage] : [sessionStorage, localStorage]
  there.removeItem(remembered)
  here.setItem(remembered, JSON.stringify(user))
}

/** Who is signed in. `user` is undefined for nobody. */
export const useSession = defineStore('session', () => {
  const user = ref<User>()
  const info = ref<Info>()
  const known = ref(false)
  /** An admin without the second factor that they must have: nothing else opens before it is set up. */
  const unready = ref(false)
  const isAdmin = computed(() => user.value?.role === 'admin')
  const mayAddClasses = computed(() => user.value?.role === 'admin' || user.value?.role === 'teacher')

  /** Who left this tab last: where they were is no place for anybody else. */
  const left = ref<number>()

  let myDevice = false

  function enter(answer: SignedIn): void {
    myDevice = answer.session.my_device
    unready.value = answer.second_factor_first === true
    become(answer.user)
  }

  /** Takes over the user as the server now has it. */
  function become(next: User): void {
    user.value = next
    known.value = true
    remember(next, myDevice)
    if (next.locale) useSettings().language = next.locale
  }

  /** Forgets who was here; what the server keeps of the session is its own matter. */
  function forget(): void {
    left.value = user.value?.id ?? left.value
    user.value = undefined
    unready.value = false
    known.value = true
    localStorage.removeItem(remembered)
    sessionStorage.clear()
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

  /** Asks again; a session that has ended is forgotten. False where the server could not say. */
  async function check(): Promise<boolean> {
    try {
      enter(await api.current())
    } catch (thrown) {
      if (faultOf(thrown).status !== 401) return false
      forget()
    }
    return true
  }

  async function loadInfo(): Promise<Info> {
    info.value ??= await api.info()
    return info.value
  }

  /**
   * False where the server wants a code of the second factor as well. With the
   * phrase of a reset only with the password that is to take its place.
   */
  async function signIn(name: string, password: string, myDevice: boolean, { chosen = '', code = '' } = {}): Promise<boolean> {
    try {
      enter(await api.signIn({ name, password, my_device: myDevice, ...(chosen && { new_password: chosen }), ...(code && { code }) }))
      return true
    } catch (thrown) {
      if (code === '' && faultOf(thrown).code === 142) return false
      throw thrown
    }
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
    const id = user.value?.id
    try {
      await api.signOut()
    } catch (thrown) {
      if (faultOf(thrown).status !== 401) throw thrown // else the session had ended already
    }
    forget()
    if (id === undefined) return
    forgetDrafts(id)
    await forgetFailed(id).catch(() => {}) // where the browser allows no disk, nothing is on it
  }

  return { user, info, known, unready, left, isAdmin, mayAddClasses, enter, become, forget, load, check, loadInfo, signIn, setUp, signUp, signOut }
})
