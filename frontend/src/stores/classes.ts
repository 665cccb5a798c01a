import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as api from '@/api/classes'
import { faultOf, type Fault } from '@/api/fault'
import { isManager, isStaff, type Class, type MemberRole } from '@/api/nouns'
import { useSettings } from './settings'

/** The classes of the user. */
export const useClasses = defineStore('classes', () => {
  const byId = shallowRef<ReadonlyMap<number, Class>>(new Map())
  const loaded = ref(false)
  const fault = shallowRef<Fault>()

  const list = computed(() => {
    const collator = new Intl.Collator(useSettings().locale, { numeric: true })
    return [...byId.value.values()].sort(
      (a, b) => Number(!!a.archived_at) - Number(!!b.archived_at) || collator.compare(a.name, b.name) || a.id - b.id,
    )
  })

  const get = (id: number | undefined) => (id === undefined ? undefined : byId.value.get(id))
  const staffIn = (id: number | undefined) => isStaff(get(id)?.role)

  async function load(): Promise<Class[]> {
    try {
      const classes = await api.list()
      byId.value = new Map(classes.map((one) => [one.id, one]))
      loaded.value = true
      fault.value = undefined
      return classes
    } catch (thrown) {
      fault.value = faultOf(thrown)
      throw thrown
    }
  }

  async function fetch(id: number): Promise<Class> {
    const one = await api.get(id)
    take(one)
    return one
  }

  /** Reads again how much is unread; all else is counted by events. */
  async function recount(id: number): Promise<void> {
    const { unread } = await api.get(id)
    const old = byId.value.get(id)
    if (old) take({ ...old, unread })
  }

  /** Reads again how many reports wait, in one class or in all: no event tells it. What cannot be read now is read at the next hello. */
  async function recountReports(id?: number): Promise<void> {
    const fresh = await (id === undefined ? api.list() : api.get(id).then((one) => [one])).catch(() => [])
    for (const { id, open_reports } of fresh) {
      const old = byId.value.get(id)
      if (old && old.open_reports !== open_reports) take({ ...old, open_reports })
    }
  }

  function take(one: Class): void {
    byId.value = new Map(byId.value).set(one.id, one)
  }

  /** Takes a class out of an event, which knows nothing of who is asking. */
  function changed(next: Class): void {
    const old = byId.value.get(next.id)
    if (!old) return
    take({ ...next, role: old.role, member_count: old.member_count, unread: old.unread, open_reports: old.open_reports })
  }

  function myRole(id: number, role: MemberRole): void {
    const old = byId.value.get(id)
    if (!old) return
    take({ ...old, role, open_reports: isManager(role) ? old.open_reports : undefined })
    if (isManager(role) && !isManager(old.role)) void recountReports(id)
  }

  function counted(id: number, members: number): void {
    const old = byId.value.get(id)
    if (old) take({ ...old, member_count: Math.max(0, (old.member_count ?? 0) + members) })
  }

  function unreadBy(id: number, more: number): void {
    const old = byId.value.get(id)
    if (old) take({ ...old, unread: Math.max(0, (old.unread ?? 0) + more) })
  }

  function drop(id: number): void {
    const next = new Map(byId.value)
    next.delete(id)
    byId.value = next
  }

  function restore(classes: readonly Class[]): void {
    byId.value = new Map(classes.map((one) => [one.id, one]))
    loaded.value = true
  }

  async function add(name: string, description: string, hue: number): Promise<Class> {
    const made = await api.add({ name, description, hue })
    // The answer may lack what lists fill in.
    const one: Class = { ...made, role: made.role ?? 'owner', member_count: made.member_count ?? 1, unread: made.unread ?? 0 }
    take(one)
    return one
  }

  async function change(id: number, body: api.ClassChange): Promise<void> {
    changed(await api.change(id, body))
  }

  async function remove(id: number): Promise<void> {
    await api.remove(id)
    drop(id)
  }

  function clear(): void {
    byId.value = new Map()
    loaded.value = false
    fault.value = undefined
  }

  return { byId, loaded, fault, list, get, staffIn, load, fetch, recount, recountReports, take, changed, myRole, counted, unreadBy, drop, restore, add, change, remove, clear }
})
