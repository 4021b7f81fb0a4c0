import { z } from 'zod'

const Text = z.string().max(2_000)
const Name = z.string().min(1).max(300)
const Millis = z.number()

export const RunItem = z.object({
  id: z.string().max(400),
  schedule: Name,
  dueAt: Millis,
  trigger: z.enum(['schedule', 'catch-up', 'manual']),
  attempt: z.number(),
  startedAt: Millis.optional(),
  endedAt: Millis.optional(),
  outcome: z.enum(['succeeded', 'failed', 'timed-out', 'aborted', 'lost', 'skipped', 'missed']).optional(),
  message: Text.optional(),
  overran: z.boolean().optional(),
  by: Text.optional(),
  process: Text.optional(),
})
export type RunItem = z.infer<typeof RunItem>

const TimingItem = {
  cron: z.string().max(300).optional(),
  timeZone: z.string().max(100).optional(),
  everyMs: z.number().positive().optional(),
  at: Millis.optional(),
}

/** A schedule as its process reports it (ScheduleReport), checked: anyone may have written what is in Redis. */
export const ScheduleItem = z.object({
  name: Name,
  service: Name.optional(),
  description: Text.optional(),
  ...TimingItem,
  jitterMs: z.number().optional(),
  timeoutMs: z.number().optional(),
  catchUp: z.union([z.enum(['skip', 'once']), z.object({ all: z.number() })]).optional(),
  lateAfterMs: z.number().optional(),
  overlap: z.enum(['skip', 'allow']).optional(),
  retakes: z.number().optional(),
  shared: z.boolean(),
  adopted: z.string().max(100).optional(),
  queue: z.string().max(400).optional(),
  nextAt: Millis.optional(),
  asOf: Millis.optional(),
  lastAt: Millis.optional(),
  paused: z
    .object({ since: Millis, until: Millis.optional(), by: Text.optional(), reason: Text.optional() })
    .optional(),
  changed: z
    .object({ since: Millis, by: Text.optional(), reason: Text.optional(), declared: z.object(TimingItem) })
    .optional(),
  owner: Text.optional(),
  runbook: Text.optional(),
  runs: z.array(RunItem).max(100),
})
export type ScheduleItem = z.infer<typeof ScheduleItem>
