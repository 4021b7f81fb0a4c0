import { whileLookedAt } from '../../platform/live/while-looked-at.ts'

/** Activity always has changed. */
export const ActivityWatch = whileLookedAt('database-activity', 'database', 2_000)
