import type { User } from '@/api/nouns'

/** How many characters a password needs: those who teach or manage can do more harm with one that stands alone. */
export const staffLength = 15
export const studentLength = 8
export const factorLength = 8

export function leastOf(user: Pick<User, 'role' | 'second_factor_at'> | undefined): number {
  if (user?.role === 'student') return studentLength
  return user?.second_factor_at ? factorLength : staffLength
}

/** Characters as people count them, which is how the server counts too. */
export const lengthOf = (password: string) => [...password].length

export const isLongEnough = (password: string, least: number) => lengthOf(password) >= least
