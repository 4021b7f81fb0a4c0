import { z } from 'zod'

const Share = z.number().gt(0).lt(1).describe('share of calls, more than 0 and less than 1')
const Calls = z.number().int().min(1).max(100_000)

/** When a breaker opens, as an operator may set it and as a what-if is asked. */
export const Rule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('consecutive'), failures: Calls.describe('failures in a row') }),
  z.strictObject({
    kind: z.literal('count'),
    threshold: Share,
    size: Calls.describe('the last so many calls'),
    minimumCalls: Calls.optional(),
  }),
  z.strictObject({
    kind: z.literal('sampling'),
    threshold: Share,
    durationMs: z.number().int().min(1_000).max(3_600_000).describe('the calls of this time (ms)'),
    minimumRps: z.number().min(0).max(100_000).optional().describe('calls a second from which it counts'),
  }),
])
export type Rule = z.infer<typeof Rule>
