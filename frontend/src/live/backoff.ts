/** After these the server would only close again: it has said why. */
export const final = { signedOut: 4500, disabled: 4501, broken: 4502, tooManyConnections: 4503 } as const

const first = 500
const most = 30_000

/**
 * How long to wait before the next try, in milliseconds; undefined for never.
 * Full jitter: after a fault that hit a whole school, its browsers come back
 * spread over time. `random` is in [0, 1).
 */
export function waitAfter(code: number, attempt: number, random: number): number | undefined {
  if (code >= 4500 && code <= 4999) return undefined
  // The server restarts: it says how to spread.
  if (code === 1012) return 500 + random * 19_500
  // Too many frames: the promise is to be quiet for a while.
  if (code === 4002) return 30_000 + random * 5_000
  const ceiling = Math.min(most, first * 2 ** Math.min(attempt, 10))
  return 100 + random * ceiling
}
