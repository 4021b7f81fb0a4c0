import { z } from 'zod'
import type { HeldKind } from '../../fleet/holders.ts'

const Text = z.string().max(2_000)
const Name = z.string().min(1).max(300)
const Count = z.number()
const Held = { id: z.string(), reason: Text, by: Text, since: z.number(), until: z.number().optional() }

const Limits = z.object({
  bulkhead: z.object({ maxConcurrent: Count.optional(), maxQueued: Count.optional() }).optional(),
  rateLimit: z.object({ calls: Count.optional(), burst: Count.optional() }).optional(),
  retryBudget: z.object({ ratio: Count }).optional(),
})

/** A policy as its process reports it (PolicyReport), checked. */
export const PolicyItem = z.object({
  name: Name,
  owner: Text.optional(),
  runbook: Text.optional(),
  breaker: Name.optional(),
  timeoutMs: Count.optional(),
  calls: Count,
  failures: Count,
  retry: z
    .object({
      attempts: Count,
      backoff: z.string().max(60),
      retries: Count,
      budget: z
        .object({
          ratio: Count,
          minPerSecond: Count,
          windowMs: Count,
          calls: Count,
          retries: Count,
          left: Count,
          exhausted: Count,
        })
        .optional(),
    })
    .optional(),
  bulkhead: z
    .object({
      maxConcurrent: Count,
      maxQueued: Count,
      queueTimeoutMs: Count.optional(),
      active: Count,
      queued: Count,
      rejected: Count,
      timedOut: Count,
    })
    .optional(),
  rateLimit: z
    .object({
      calls: Count,
      perMs: Count,
      burst: Count,
      maxWaitMs: Count,
      shared: z.boolean(),
      alone: z.boolean().optional(),
      allowed: Count,
      waited: Count,
      refused: Count,
    })
    .optional(),
  hedge: z.object({ afterMs: Count, most: Count, hedged: Count, won: Count }).optional(),
  fallback: z.object({ used: Count }).optional(),
  override: z.object({ ...Held, limits: Limits, declared: Limits }).optional(),
})
export type PolicyItem = z.infer<typeof PolicyItem>

export const POLICIES: HeldKind<PolicyItem> = {
  domain: 'policies',
  schema: PolicyItem,
  noun: 'policy',
  field: 'policy',
}
