import type { Fault } from '@/api/fault'

/** The fields of our forms that a refusal can be about. */
export type Field = 'name' | 'password' | 'current' | 'code' | 'email' | 'description' | 'expires'

/** Why something was refused, where we have words of our own for it; keys of `refusal.*`. */
export type Reason = 'short8' | 'short15' | 'common' | 'own' | 'long' | 'empty' | 'unseen' | 'email' | 'taken' | 'outgrown' | 'phrase' | 'alone'

type Told = Pick<Fault, 'code' | 'message' | 'errors'>

const fields: readonly Field[] = ['name', 'password', 'current', 'code', 'email', 'description']

function named(text: string | undefined): Field | undefined {
  const word = text?.replace(/^body\./, '').split(/[\s.[]/)[0]
  if (word === 'new') return 'password'
  if (word === 'expires_at') return 'expires'
  return fields.find((field) => field === word)
}

/** The field that a refusal is about; nothing where it is about no single one. */
export function fieldOf(fault: Told): Field | undefined {
  switch (fault.code) {
    case 104:
    case 124:
      return named(fault.errors[0]?.location) ?? named(fault.message)
    case 127:
      return 'name'
    case 131:
      return 'current'
    case 136:
      return 'password'
    case 137:
    case 142:
    case 143:
      return 'code'
    default:
      return undefined
  }
}

// The server says why in English; these are its sentences.
const sentences: readonly [RegExp, Reason][] = [
  [/fewer than 15/, 'short15'],
  [/fewer than/, 'short8'],
  [/tried first/, 'common'],
  [/made of the name/, 'own'],
  [/more than \d+ bytes/, 'long'],
  [/is empty$/, 'empty'],
  [/cannot be shown/, 'unseen'],
  [/not an address/, 'email'],
  [/name is taken/, 'taken'],
  [/it is the phrase/, 'phrase'],
  [/too short without a second factor/, 'alone'],
  [/ask an admin for a new one/, 'outgrown'],
]

export function reasonOf(fault: Told): Reason | undefined {
  if (![104, 127, 136].includes(fault.code)) return undefined
  return sentences.find(([sentence]) => sentence.test(fault.message))?.[1]
}
