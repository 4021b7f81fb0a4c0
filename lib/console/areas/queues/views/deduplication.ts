import { z } from 'zod'
import type { DeduplicationKeys, HeldBackAdditions } from '../../../../infrastructure/queue/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, text } from '../../../platform/view/text-filters.ts'
import { Queues } from '../resource.ts'

/** The most keys listed. */
const LIMIT = 200
/** Below the deadline of a part (ms): enough for millions of keys of other kinds. */
const BUDGET = 1_200

export interface DeduplicationData {
  /** Absent: there is no such server or queue. */
  deduplication: Part<(DeduplicationKeys & { heldBack: HeldBackAdditions }) | undefined>
}

/** What keeps a queue from taking jobs: its deduplication keys, and ids that exist. */
export const deduplicationView = defineView({
  id: 'queue-deduplication',
  title: 'Deduplication of a queue',
  permission: 'queue:read',
  // The keys of a whole Redis are scanned for it: again only after an act, not with every job.
  topics: ['audit'],
  filters: z.object({
    server: text(60),
    /** `prefix:name` */
    queue: exact(600),
    /** `next` of the answer before, to go on with the scan. */
    from: z
      .string()
      .regex(/^\d{1,20}$/)
      .default('0'),
  }),
  freshFor: 5_000,
  async read({ environment }, { server: serverName, queue, from }): Promise<DeduplicationData> {
    const server = environment.of(Queues).server(serverName)
    const address = server?.addressOf(queue)
    async function read() {
      if (!server || !address) return
      const [keys, heldBack] = await Promise.all([
        server.queues.deduplications(address, { from, budgetMs: BUDGET, limit: LIMIT }),
        server.queues.heldBack(address),
      ])
      const listed = new Set(keys.keys.map(key => key.id))
      // The events name thousands of ids, most of them of keys that have expired.
      const byKey = Object.fromEntries(Object.entries(heldBack.byKey).filter(([id]) => listed.has(id)))
      return { ...keys, heldBack: { ...heldBack, byKey } }
    }
    return { deduplication: await part(`Redis ${serverName}`, environment.outages, read()) }
  },
})
