import type { MemberRole } from '@/api/nouns'

/** From the most to the least. */
export const memberRoles: readonly MemberRole[] = ['owner', 'teacher', 'assistant', 'student']

const rank = (role: MemberRole) => memberRoles.length - memberRoles.indexOf(role)

/** Whether one stands above another: only then may one mute or remove them. */
export const isOver = (own: MemberRole | undefined, other: MemberRole) => own !== undefined && rank(own) > rank(other)

/** The roles that one may give: an owner any, a teacher those below. */
export function givable(own: MemberRole | undefined): MemberRole[] {
  if (own === 'owner') return [...memberRoles]
  if (own !== 'teacher') return []
  return memberRoles.filter((role) => isOver(own, role))
}

/** The roles that a join code may give: those below one's own, and never an owner. */
export const codeRoles = (own: MemberRole | undefined) => (own === 'owner' || own === 'teacher' ? memberRoles.filter((role) => isOver(own, role)) : [])
