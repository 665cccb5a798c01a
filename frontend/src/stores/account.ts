import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as me from '@/api/me'
import type { Session } from '@/api/nouns'
import * as api from '@/api/session'
import { useSession } from './session'

/** What users set and end of their own account. */
export const useAccount = defineStore('account', () => {
  const sessions = shallowRef<readonly Session[]>()

  async function change(body: Parameters<typeof me.change>[0]): Promise<void> {
    useSession().become(await me.change(body))
  }

  /** Everything that is kept of the user, as a document. */
  const exported = () => me.exported()

  /** The other browsers are signed out by it. */
  async function changePassword(current: string, password: string): Promise<void> {
    await me.changePassword({ current, new: password })
    sessions.value = sessions.value?.filter((session) => session.current)
  }

  async function loadSessions(): Promise<void> {
    sessions.value = (await api.sessions()).items
  }

  async function endSession(id: number): Promise<void> {
    await api.endSession(id)
    sessions.value = sessions.value?.filter((session) => session.id !== id)
  }

  /** Ends all but the one that asks; each that is ended counts, also when a later one fails. */
  async function endOthers(): Promise<void> {
    for (const session of sessions.value ?? []) if (!session.current) await endSession(session.id)
  }

  const clear = () => (sessions.value = undefined)

  return { exported, clear, sessions, change, changePassword, loadSessions, endSession, endOthers }
})
