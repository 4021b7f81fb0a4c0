import { z } from 'zod'
import type { TableForMaintenance } from '../../../../infrastructure/insight/index.ts'
import { Name, name, Reason } from '../../../platform/operation/input.ts'

/** For how long an index that was built or dropped can be dropped or built again. */
export const UNDO_FOR = 24 * 3_600_000

/** Names of Postgres: 63 bytes at most. */
const Identifier = name(63)
export const waitSeconds = z
  .number()
  .int()
  .min(1)
  .max(3_600)
  .default(60)
  .describe('how long it may wait for a lock or an older transaction before it gives up')

export const ofTable = { database: Name, schema: Identifier, table: Identifier }
export const ofIndex = { database: Name, schema: Identifier, index: Identifier }
export const reason = Reason.optional()
export const Columns = z.array(Identifier).min(1).max(8).describe('the key, in this order')

const NOTABLE_AGE_MS = 10_000

/** What works concurrently waits until every transaction that is older has ended. */
export function oldestWarning({ oldest }: TableForMaintenance): string[] {
  if (!oldest || oldest.ageMs < NOTABLE_AGE_MS) return []
  const age =
    oldest.ageMs < 120_000
      ? `${Math.round(oldest.ageMs / 1_000)} seconds`
      : `${Math.round(oldest.ageMs / 60_000)} minutes`
  return [`It has to wait for the transaction of ${oldest.name} (pid ${oldest.pid}), which is ${age} old.`]
}

export const SHARE_UPDATE_EXCLUSIVE = (table: string) =>
  `Takes SHARE UPDATE EXCLUSIVE on ${table}: reads and writes go on; other index builds, VACUUM and ALTER TABLE of it wait.`

/** What acts on one index or table have in common: long ones, done by a worker, one at a time. */
export const maintenanceAct = {
  targetKind: 'database',
  reason: 'optional',
  durable: true,
  target: ({ database }: { database: string }) => ({ kind: 'database', name: database }),
  source: ({ database }: { database: string }) => `Postgres ${database}`,
} as const

/** An act on an index that is there. */
export const indexAct = {
  ...maintenanceAct,
  permission: 'database:index',
  risk: 'many',
  input: z.strictObject({ ...ofIndex, waitSeconds, reason }),
  about: ({ schema, index }: { schema: string; index: string }) => `${schema}.${index}`,
} as const
