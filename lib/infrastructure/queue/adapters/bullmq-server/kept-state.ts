import { SINCE } from './since.ts'

/** Field of a replayed job's hash with what it had as a dead letter, packed. BullMQ ignores it, and it goes with the job. */
export const KEPT = 'substation:kept'
/** Follows the key of a run: the ids it has moved, in that order. */
export const MOVED = ':moved'

/** What a replay removes or changes of a job, in the order in which it is kept. */
const FIELDS = [
  'finishedOn',
  'processedOn',
  'failedReason',
  'atm',
  'ats',
  'attemptsMade',
  'stc',
  'defa',
  'delay',
  'stacktrace',
  'substation:run',
  SINCE,
  KEPT,
]
export const KEPT_FIELDS = FIELDS.map(field => `'${field}'`).join(', ')
