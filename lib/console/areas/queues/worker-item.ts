import { z } from 'zod'

const Text = z.string().max(2_000)

/** A worker as its process reports it (WorkerReport), checked: anyone may have written what is in Redis. */
export const WorkerItem = z.object({
  name: z.string().min(1).max(300),
  queue: z.string().min(1).max(300),
  prefix: z.string().min(1).max(300),
  concurrency: z.number(),
  active: z.number(),
  completed: z.number(),
  failed: z.number(),
  deadLettered: z.number(),
  lastError: z.object({ at: z.number(), message: Text, jobId: z.string().optional() }).optional(),
  paused: z.boolean().optional(),
  dependsOn: z.array(z.string().max(300)).max(50).optional(),
  heldBy: z.object({ breaker: z.string().max(300), since: z.number(), probing: z.boolean() }).optional(),
  ignoring: z
    .object({ id: z.string(), reason: Text, by: Text, since: z.number(), until: z.number().optional() })
    .optional(),
  types: z
    .array(
      z.object({
        name: z.string().min(1).max(300),
        version: z.number(),
        schema: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .max(20)
    .optional()
    .catch(undefined),
  owner: Text.optional(),
  runbook: Text.optional(),
})
