import { z } from 'zod'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetSnapshot } from '../../fleet/port.ts'

/** A pool as its process reports it (DatabaseStats), checked: anyone may have written what is in Redis. */
const PoolItem = z.object({
  name: z.string().min(1).max(300),
  address: z.string().max(500).optional().catch(undefined),
  max: z.number(),
  size: z.number(),
  active: z.number(),
  idle: z.number(),
  waiting: z.number(),
  queries: z.number(),
  errors: z.number(),
  lastError: z.object({ at: z.number(), code: z.string().max(100), message: z.string().max(2_000) }).optional(),
})

export interface Pool extends z.infer<typeof PoolItem> {
  /** Of the process. */
  id: string
  service: string
  instance: string
}

/** The pools that lead to this database, the fullest first. Those of older libraries do not say where they lead, and are left out. */
export function poolsOf(fleet: FleetSnapshot, place: string): Pool[] {
  return fleet.processes
    .filter(isLiving)
    .flatMap(process => {
      const { id, service, instance } = process
      return (itemsOf(process, 'pools', PoolItem)?.items ?? []).map(pool => ({ ...pool, id, service, instance }))
    })
    .filter(({ address }) => address === place)
    .sort(
      (a, b) => b.waiting - a.waiting || b.active / b.max - a.active / a.max || a.instance.localeCompare(b.instance),
    )
}
