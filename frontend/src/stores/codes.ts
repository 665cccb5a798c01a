import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { faultOf, type Fault } from '@/api/fault'
import * as api from '@/api/members'
import type { JoinCode } from '@/api/nouns'

/** The join codes of the classes that one teaches. */
export const useCodes = defineStore('codes', () => {
  const byClass = shallowRef<ReadonlyMap<number, ReadonlyMap<number, JoinCode>>>(new Map())
  const faults = shallowRef<ReadonlyMap<number, Fault>>(new Map())

  const loaded = (classId: number) => byClass.value.has(classId)

  /** The newest first. */
  const list = (classId: number) => [...(byClass.value.get(classId)?.values() ?? [])].sort((a, b) => b.id - a.id)

  async function load(classId: number): Promise<void> {
    const next = new Map(faults.value)
    try {
      const { items } = await api.codes(classId)
      byClass.value = new Map(byClass.value).set(classId, new Map(items.map((code) => [code.id, code])))
      next.delete(classId)
    } catch (thrown) {
      next.set(classId, faultOf(thrown))
    }
    faults.value = next
  }

  /** Takes a code as it now is. Uses only grow, so an answer that an event overtook does not count back. */
  function take(code: JoinCode): void {
    const codes = byClass.value.get(code.class_id)
    if (!codes) return
    const uses = Math.max(code.uses, codes.get(code.id)?.uses ?? 0)
    byClass.value = new Map(byClass.value).set(code.class_id, new Map(codes).set(code.id, { ...code, uses }))
  }

  async function add(classId: number, body: Parameters<typeof api.addCode>[1]): Promise<JoinCode> {
    const code = await api.addCode(classId, body)
    take(code)
    return code
  }

  async function revoke(code: JoinCode): Promise<void> {
    await api.revokeCode(code.class_id, code.id)
    take({ ...code, revoked_at: new Date().toISOString() })
  }

  function clear(): void {
    byClass.value = new Map()
    faults.value = new Map()
  }

  return { byClass, faults, loaded, list, load, take, add, revoke, clear }
})
