import { z } from 'zod'
import { BreakerStats } from '../../fleet/details.ts'
import type { HeldKind } from '../../fleet/holders.ts'

const Text = z.string().max(2_000)
const Name = z.string().min(1).max(300)
const Count = z.number()

/** A set of providers as its process reports it (FailoverReport), checked. */
export const ProvidersItem = z.object({
  name: Name,
  providers: z
    .array(
      z.object({
        name: Name,
        breaker: z.enum(['closed', 'open', 'half-open']).optional(),
        calls: Count,
        failures: Count,
        lastFailure: z.object({ at: z.number(), message: Text }).optional(),
        lastMinute: BreakerStats.optional().catch(undefined),
        quota: z
          .object({ limit: Count.optional(), remaining: Count, resetsAt: z.number().optional() })
          .optional()
          .catch(undefined),
      }),
    )
    .max(50),
  inUse: z.object({ provider: Name, since: z.number(), why: Text.optional() }).optional(),
  forced: z
    .object({
      id: z.string(),
      reason: Text,
      by: Text,
      since: z.number(),
      until: z.number().optional(),
      provider: Name,
    })
    .optional(),
  failedOver: Count,
  heldBack: Count,
  testable: z.boolean().optional(),
})
export type ProvidersItem = z.infer<typeof ProvidersItem>

export const PROVIDERS: HeldKind<ProvidersItem> = {
  domain: 'providers',
  schema: ProvidersItem,
  noun: 'set of providers',
  field: 'set',
}
