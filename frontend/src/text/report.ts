import type { ReportOutcome, ReportReason } from '@/api/nouns'

/** How many characters the note of a report may have. */
export const mostNote = 500

export const reasons: readonly ReportReason[] = ['bullying', 'hate', 'sexual', 'self-harm', 'spam', 'other']

export const outcomes: readonly ReportOutcome[] = ['talked', 'deleted', 'nothing']
