import { z } from 'zod'

const Text = z.string().max(2_000)
const Count = z.number().min(0)

const Where = z.discriminatedUnion('by', [
  z.object({ by: z.literal('key'), key: Text }),
  z.object({ by: z.literal('pattern'), pattern: Text }),
  z.object({ by: z.literal('tag'), tag: Text }),
  z.object({ by: z.literal('entity'), type: Text, id: z.union([Text, z.number()]) }),
  z.object({ by: z.literal('workspace'), id: Text }),
  z.object({ by: z.literal('user'), id: Text }),
  z.object({ by: z.literal('all') }),
])

/** 'deaf' is what older libraries write for 'disconnected'. */
const Bus = z
  .enum(['listening', 'catching-up', 'disconnected', 'deaf'])
  .transform(state => (state === 'deaf' ? 'disconnected' : state))

const AdoptedBy = z.enum(['key', 'pattern', 'tag', 'all'])

/** What older libraries do not report is absent. */
const Namespace = z.object({
  name: Text,
  hits: Count,
  misses: Count,
  sets: Count,
  deletes: Count,
  evictions: Count,
  entries: Count,
  bytes: Count,
  made: Count.optional(),
  failed: Count.optional(),
  slowestMs: Count.optional(),
  p50Ms: Count.optional(),
  p95Ms: Count.optional(),
})

/** Of a cache of another library: what can be done with it, and why the rest cannot. */
const Adopted = z.object({
  kind: z.string().min(1).max(60),
  store: Text.optional(),
  can: z
    .array(z.object({ by: AdoptedBy, exact: z.boolean(), once: z.boolean().optional(), note: Text.optional() }))
    .max(10),
  cannot: z.array(z.object({ by: AdoptedBy, why: Text })).max(10),
  unmeasured: z.array(Text).max(20),
})

/** A cache as its process reports it (CacheReport, or AdoptedCacheReport with what can be measured), checked: anyone may have written what is in Redis. */
export const CacheItem = z.object({
  name: z.string().min(1).max(300),
  namespace: z.string().min(1).max(300),
  layers: z.array(z.enum(['l1', 'l2'])).min(1),
  stats: z.array(
    z.object({
      layer: z.enum(['l1', 'l2']),
      hits: Count,
      misses: Count,
      sets: Count.optional(),
      deletes: Count.optional(),
      errors: Count.optional(),
      evictions: Count.optional(),
      size: Count.optional(),
      bytes: Count.optional(),
    }),
  ),
  totals: z.object({ hits: Count, misses: Count }).optional(),
  activity: z.record(z.string().max(60), Count).optional(),
  namespaces: z.array(Namespace).max(64).optional(),
  memory: z
    .object({
      maxBytes: Count.optional(),
      heapShare: Count.optional(),
      shrunk: Count.optional(),
      ceiling: Count.optional(),
    })
    .optional(),
  busLag: z.object({ count: Count, p50: Count, p95: Count, last: Count }).optional(),
  warmers: z
    .array(
      z.object({
        name: Text,
        state: z.enum(['idle', 'running', 'done', 'failed']),
        stored: Count,
        done: Count.optional(),
        total: Count.optional(),
        startedAt: Count.optional(),
        tookMs: Count.optional(),
        error: Text.optional(),
      }),
    )
    .optional(),
  switched: z
    .object({
      mode: z.enum(['read-only', 'off']),
      id: Text,
      reason: Text,
      by: Text,
      since: Count,
      until: Count.optional(),
    })
    .optional(),
  l1Entries: Count.optional(),
  l1Max: Count.optional(),
  bus: Bus.optional(),
  epoch: Count,
  // By something that this console does not know yet: the cache is shown without it.
  lastInvalidation: z.object({ at: z.number(), where: Where, epoch: Count }).optional().catch(undefined),
  degraded: Text.optional(),
  adopted: Adopted.optional(),
  owner: Text.optional(),
  runbook: Text.optional(),
})
export type CacheItem = z.infer<typeof CacheItem>
