/** Which of what somebody typed or pasted are letters of a join code. */
const letter = /[A-Z0-9]/

export const codeLength = 8

/**
 * The letters of a join code as people type it: in any case, with spaces or
 * dashes, in the wide forms of a Chinese keyboard, or as a whole link.
 */
export function codeLetters(typed: string): string {
  const text = typed.normalize('NFKC')
  const linked = /[#?&/]code=([^&\s]+)/i.exec(text)?.[1] ?? /\/join\/([^/?#\s]+)\s*$/i.exec(text)?.[1]
  return [...(linked ?? text).toUpperCase()].filter((one) => letter.test(one)).join('').slice(0, codeLength)
}

/** The code in two groups, as it is shown; what is not there yet is left out. */
export function groupedCode(typed: string): string {
  const letters = codeLetters(typed)
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters
}

export const isWholeCode = (typed: string) => codeLetters(typed).length === codeLength

/** A long secret as people type it from a screen. */
export const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')

/** A link that opens the join page with the code filled in. The fragment is never sent to a server. */
export const joinLink = (origin: string, code: string) => `${origin}/join#code=${code}`

/** Whether a code still lets anybody in. */
export function isOpen(code: { expires_at: string; revoked_at?: string; uses: number; max_uses: number }, now: number): boolean {
  return !code.revoked_at && code.uses < code.max_uses && Date.parse(code.expires_at) > now
}
