import { z } from 'zod'

const Text = z.string().max(2_000)
const Count = z.number().min(0)

const Where = z.discriminatedUnion('by', [
  z.object({ by: z.literal('key'), key: Text }),
  z.object({ by: z.literal('pattern'), pattern: Text }),
  z.object({ by: z.literal('tag'), tag: Text }),
  z.object({ by: z.literal('all') }),
])

/** 'deaf' is what older libraries write for 'disconnected'. */
const Bus = z
  .enum(['listening', 'catching-up', 'disconnected', 'deaf'])
  .transform(state => (state === 'deaf' ? 'disconnected' : state))

/** A cache as its process reports it (CacheReport), checked: anyone may have written what is in Redis. */
export const CacheItem = z.object({
  name: z.string().min(1).max(300),
  namespace: z.string().min(1).max(300),
  layers: z.array(z.enum(['l1', 'l2'])).min(1),
  stats: z.array(
    z.object({
      layer: z.enum(['l1', 'l2']),
      hits: Count,
      misses: Count,
      sets: Count,
      deletes: Count,
      errors: Count,
      evictions: Count.optional(),
      size: Count.optional(),
      bytes: Count.optional(),
    }),
  ),
  totals: z.object({ hits: Count, misses: Count, stale: Count, filled: Count, barred: Count, refreshErrors: Count }),
  l1Entries: Count,
  l1Max: Count,
  bus: Bus.optional(),
  epoch: Count,
  lastInvalidation: z.object({ at: z.number(), where: Where, epoch: Count }).optional(),
  degraded: Text.optional(),
  owner: Text.optional(),
  runbook: Text.optional(),
})
export type CacheItem = z.infer<typeof CacheItem>
