import { z } from 'zod'
import { Reason } from '../../../platform/operation/input.ts'
import { clearOperation } from '../acts/clear-operation.ts'
import { queueFields } from '../acts/target.ts'

const Input = z.strictObject({
  ...queueFields,
  delayed: z.boolean().default(true).describe('delayed jobs too, except the next ones of schedulers'),
  reason: Reason,
})

export const drainQueue = clearOperation({
  id: 'queue.drain',
  title: 'Drain a queue',
  description:
    'Removes the jobs that wait, and the delayed ones if wanted, that are there when the act begins. Active, completed and failed jobs stay, and so do schedulers and jobs of unfinished flows. It cannot be undone.',
  input: Input as z.ZodType<z.output<typeof Input>>,
  clearance: ({ delayed }) => ({
    states: delayed ? ['waiting', 'prioritized', 'delayed'] : ['waiting', 'prioritized'],
    olderThanMs: 0,
  }),
  which: ({ delayed }) => (delayed ? 'that wait or are delayed' : 'that wait'),
  warnings: ['Jobs that are added while it runs stay.'],
})
