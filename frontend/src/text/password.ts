/** How many characters a password needs: those who teach or manage can do more harm with one. */
export const staffLength = 15
export const studentLength = 8

/** Characters as people count them, which is how the server counts too. */
export const lengthOf = (password: string) => [...password].length

export const isLongEnough = (password: string, least: number) => lengthOf(password) >= least
