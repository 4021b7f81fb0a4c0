import { z } from 'zod'
import type { MigrationStatus, StatementImpact } from '../../../../infrastructure/migrations/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import type { MigrationDatabase } from '../port.ts'
import { Migrations } from '../resource.ts'

export interface MigrationImpactData {
  /** Its statements that lock something that exists. Absent: it is not pending, or there is no such database. */
  impact?: Part<StatementImpact[]>
}

/** What a pending migration would lock in the database as it is now, for how long at least, and who would be in the way. */
export const migrationImpactView = defineView({
  id: 'migration-impact',
  title: 'Impact of a migration',
  permission: 'migration:read',
  topics: ['migrations'],
  filters: z.object({ database: text(300), name: text(300) }),
  freshFor: 3_000,
  async read({ environment, outages }, { database: wanted, name }): Promise<MigrationImpactData> {
    const database = environment.of(Migrations).find(wanted)
    if (!database) return {}
    const read = await database.read(10_000)
    if (read.status === 'down') return { impact: read }
    const isPending = read.data.migrations.some(entry => entry.name === name && entry.state === 'pending')
    return isPending
      ? { impact: await part(`Postgres ${database.name}`, outages, impactOf(database, read.data, name)) }
      : {}
  },
})

const impactOf = async (database: MigrationDatabase, status: MigrationStatus, name: string) =>
  (await database.impact(status, name)).find(impact => impact.name === name)?.statements ?? []
