import { z } from 'zod'

const Millis = z.number()
const Name = z.string().min(1).max(300)
const Text = z.string().max(2_000)
const Count = z.number().int().min(0)

const StepItem = z.object({
  name: Name,
  state: z.enum(['pending', 'running', 'done', 'failed', 'compensating', 'compensated', 'compensation-failed']),
  attempts: Count,
  compensationAttempts: Count.optional(),
  startedAt: Millis.optional(),
  endedAt: Millis.optional(),
  error: Text.optional(),
  compensates: z.boolean(),
  pivot: z.boolean().optional(),
})
export type StepItem = z.infer<typeof StepItem>

export const SAGA_STATES = ['running', 'completed', 'compensating', 'compensated', 'failed'] as const

const ActItem = z.object({
  act: z.enum(['retry', 'compensate']),
  at: Millis,
  by: Text.optional(),
  reason: Text.optional(),
})

/** One saga that was started (SagaRun), checked: anyone may have written what is in Redis. */
export const SagaRunItem = z.object({
  id: Name,
  saga: Name,
  key: z.string().max(300).optional(),
  state: z.enum(SAGA_STATES),
  startedAt: Millis,
  endedAt: Millis.optional(),
  nextAt: Millis.optional(),
  held: z.boolean(),
  steps: z.array(StepItem).max(100),
  error: z.object({ step: Name, message: Text, at: Millis, during: z.enum(['step', 'compensation']) }).optional(),
  acts: z.array(ActItem).max(1_000),
  asked: ActItem.optional(),
})
export type SagaRunItem = z.infer<typeof SagaRunItem>

/** A kind of saga as its process reports it (SagaReport). */
export const SagaItem = z.object({
  name: Name,
  shared: z.boolean(),
  works: z.boolean(),
  steps: z.array(z.object({ name: Name, compensates: z.boolean(), pivot: z.boolean().optional() })).max(100),
  at: Millis.optional(),
  counts: z
    .object({
      running: Count,
      compensating: Count,
      failed: Count,
      completed: Count,
      compensated: Count,
      waitingSince: Millis.optional(),
    })
    .optional(),
  unknownBecause: Text.optional(),
  failed: z.array(SagaRunItem).max(50),
})
export type SagaItem = z.infer<typeof SagaItem>
