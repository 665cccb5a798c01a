const begin = (userId: number) => `homeroom.draft.${userId}.`

/** Where the browser keeps what a user has typed in a thread and not sent. */
export const draftKey = (userId: number, threadId: number) => begin(userId) + threadId

/** Forgets what a user has typed: the next one at a shared computer must not find it. */
export function forgetDrafts(userId: number): void {
  for (const name of Object.keys(localStorage)) if (name.startsWith(begin(userId))) localStorage.removeItem(name)
}
