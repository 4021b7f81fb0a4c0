import { z } from 'zod'
import type { FleetProcess } from './port.ts'

const Millis = z.number()
const BreakerState = z.enum(['closed', 'open', 'half-open'])
const Text = z.string().max(2_000)

const BreakerPolicy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('consecutive'), failures: z.number() }),
  z.object({
    kind: z.literal('count'),
    threshold: z.number(),
    size: z.number(),
    minimumCalls: z.number().optional(),
  }),
  z.object({
    kind: z.literal('sampling'),
    threshold: z.number(),
    durationMs: z.number(),
    minimumRps: z.number().optional(),
  }),
])

export const BreakerStats = z.object({
  windowMs: z.number(),
  calls: z.number(),
  failures: z.number(),
  timeouts: z.number(),
  rejected: z.number(),
  ignored: z.number(),
  slow: z.number(),
  latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).optional(),
  failureClasses: z
    .array(
      z.object({
        name: z.string().max(300),
        code: z.string().max(300).optional(),
        count: z.number(),
        message: Text,
        at: Millis,
      }),
    )
    .max(50),
  otherFailures: z.number(),
})

/** What newer libraries add: a report in which it is not as expected is shown without it. */
const BreakerAdditions = {
  stats: BreakerStats.optional().catch(undefined),
  policyOverride: z
    .object({
      id: z.string(),
      reason: Text,
      by: Text,
      since: Millis,
      until: Millis.optional(),
      declared: z.object({ policy: BreakerPolicy, halfOpenAfterMs: z.number(), timeoutMs: z.number().optional() }),
    })
    .optional()
    .catch(undefined),
  slowCallMs: z.number().optional().catch(undefined),
  slowCallsFail: z.boolean().optional().catch(undefined),
  /** Acts that its process would refuse. */
  unsupported: z.array(z.string().max(100)).max(50).optional().catch(undefined),
}

/** A breaker as its process reports it (BreakerReport), checked: anyone may have written what is in Redis. */
export const BreakerItem = z.object({
  name: z.string().min(1).max(300),
  owner: Text.optional(),
  runbook: Text.optional(),
  policy: BreakerPolicy,
  halfOpenAfterMs: z.number(),
  timeoutMs: z.number().optional(),
  computed: z.object({ state: BreakerState, since: Millis, frozenSince: Millis.optional() }),
  forced: z
    .object({
      id: z.string(),
      state: z.enum(['open', 'closed', 'shadow']),
      reason: Text,
      by: Text,
      since: Millis,
      until: Millis.optional(),
    })
    .optional(),
  effective: BreakerState,
  window: z.object({ calls: z.number(), failures: z.number() }),
  tripped: z.object({ at: Millis, calls: z.number(), failures: z.number() }).optional(),
  totals: z.object({
    successes: z.number(),
    failures: z.number(),
    timeouts: z.number(),
    rejected: z.number(),
    ignored: z.number(),
    opened: z.number(),
  }),
  lastFailure: z.object({ at: Millis, message: Text }).optional(),
  probeAt: Millis.optional(),
  ...BreakerAdditions,
})
export type BreakerItem = z.infer<typeof BreakerItem>

export const HealthItem = z.object({
  name: z.string().min(1).max(300),
  group: z.string().max(300).optional(),
  critical: z.boolean(),
  status: z.enum(['up', 'degraded', 'down', 'unknown']),
  latencyMs: z.number().optional(),
  at: Millis.optional(),
  since: Millis,
  message: Text.optional(),
  nextStep: Text.optional(),
  owner: Text.optional(),
  runbook: Text.optional(),
})
export type HealthItem = z.infer<typeof HealthItem>

export interface Items<T> {
  items: T[]
  /** Items that could not be parsed. */
  malformed: number
  /** Items that the process had but that did not fit. */
  omitted: number
}

const remembered = new WeakMap<object, Map<unknown, Items<unknown>>>()

/** The items of a domain of one process. Each detail is parsed once by a schema, however many views ask. */
export function itemsOf<T>(process: FleetProcess, domain: string, schema: z.ZodType<T>): Items<T> | undefined {
  const detail = process.details.get(domain)
  if (!detail) return
  const parses = remembered.get(detail) ?? new Map<unknown, Items<unknown>>()
  const known = parses.get(schema)
  if (known) return known as Items<T>
  const parsed = detail.items.map(item => schema.safeParse(item))
  const items = parsed.flatMap(result => (result.success ? [result.data] : []))
  const result: Items<T> = {
    items,
    malformed: parsed.length - items.length,
    omitted: Math.max(0, detail.total - detail.items.length),
  }
  remembered.set(detail, parses.set(schema, result))
  return result
}
