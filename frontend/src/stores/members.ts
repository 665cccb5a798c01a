import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { faultOf, type Fault } from '@/api/fault'
import type { Member, MemberRole } from '@/api/nouns'
import * as api from '@/api/members'
import { useSession } from './session'
import { useSettings } from './settings'

const rank = { owner: 0, teacher: 1, assistant: 2, student: 3 } as const

/** Who is in each class. */
export const useMembers = defineStore('members', () => {
  const byClass = shallowRef<ReadonlyMap<number, ReadonlyMap<number, Member>>>(new Map())
  const faults = shallowRef<ReadonlyMap<number, Fault>>(new Map())
  const loading = new Map<number, Promise<void>>()
  // Who is told of while a list is on its way may be newer than the list.
  const meanwhile = new Map<number, Member[]>()

  const loaded = (classId: number) => byClass.value.has(classId)
  const get = (classId: number, userId: number) => byClass.value.get(classId)?.get(userId)
  const me = (classId: number | undefined) => {
    const user = useSession().user
    return classId === undefined || !user ? undefined : get(classId, user.id)
  }

  /** Staff first, then by name. */
  function list(classId: number): Member[] {
    const collator = new Intl.Collator(useSettings().locale, { numeric: true })
    return [...(byClass.value.get(classId)?.values() ?? [])]
      .filter((member) => !member.left_at)
      .sort((a, b) => rank[a.role] - rank[b.role] || collator.compare(a.name, b.name))
  }

  function load(classId: number): Promise<void> {
    const running = loading.get(classId)
    if (running) return running
    const started = fetchAll(classId).finally(() => loading.delete(classId))
    loading.set(classId, started)
    return started
  }

  async function fetchAll(classId: number): Promise<void> {
    const told: Member[] = []
    meanwhile.set(classId, told)
    let fault: Fault | undefined
    try {
      const members = await api.list(classId)
      byClass.value = new Map(byClass.value).set(classId, new Map([...members, ...told].map((member) => [member.user_id, member])))
    } catch (thrown) {
      fault = faultOf(thrown)
    } finally {
      meanwhile.delete(classId)
    }
    const next = new Map(faults.value)
    if (fault) next.set(classId, fault)
    else next.delete(classId)
    faults.value = next
  }

  /** Takes a member as it now is; one who left stays known by name. */
  function take(member: Member): void {
    meanwhile.get(member.class_id)?.push(member)
    const members = byClass.value.get(member.class_id)
    if (members) byClass.value = new Map(byClass.value).set(member.class_id, new Map(members).set(member.user_id, member))
  }

  async function add(classId: number, body: Parameters<typeof api.add>[1]): Promise<Member> {
    const member = await api.add(classId, body)
    take(member)
    return member
  }

  async function change(classId: number, userId: number, body: { role?: MemberRole; muted_until?: string; unmute?: boolean }): Promise<void> {
    take(await api.change(classId, userId, body))
  }

  async function remove(classId: number, userId: number): Promise<void> {
    await api.remove(classId, userId)
    const member = get(classId, userId)
    if (member) take({ ...member, left_at: new Date().toISOString() })
  }

  function drop(classId: number): void {
    const next = new Map(byClass.value)
    next.delete(classId)
    byClass.value = next
  }

  function clear(): void {
    byClass.value = new Map()
    faults.value = new Map()
  }

  return { byClass, faults, loaded, get, me, list, load, take, add, change, remove, drop, clear }
})
