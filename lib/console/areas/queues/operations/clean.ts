import { z } from 'zod'
import { Reason } from '../../../platform/operation/input.ts'
import { clearOperation } from '../acts/clear-operation.ts'
import { queueFields } from '../acts/target.ts'

const HOUR = 3_600_000
const STATES = ['completed', 'failed', 'waiting', 'prioritized', 'delayed'] as const
const WORDS = {
  completed: 'that completed',
  failed: 'that failed for good',
  waiting: 'that wait, and were added',
  prioritized: 'that wait with a priority, and were added',
  delayed: 'that are delayed, and were added',
} as const

const Input = z.strictObject({
  ...queueFields,
  state: z.enum(STATES),
  olderThanHours: z
    .number()
    .min(0)
    .max(87_600)
    .describe('of completed and failed jobs since they finished, of others since they were added'),
  reason: Reason,
})

export const cleanQueue = clearOperation({
  id: 'queue.clean',
  title: 'Clean a queue',
  description:
    'Removes the jobs of one state that are older than an age. Schedulers and jobs of unfinished flows stay. It cannot be undone.',
  input: Input,
  clearance: ({ state, olderThanHours }) => ({ states: [state], olderThanMs: olderThanHours * HOUR }),
  which: ({ state, olderThanHours }) =>
    `${WORDS[state]} more than ${olderThanHours === 1 ? 'an hour' : `${olderThanHours.toLocaleString('en')} hours`} ago`,
  warnings: [],
})
