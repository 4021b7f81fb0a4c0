import { z } from 'zod'
import { type MigrationEntry, MigrationError, planUp } from '../../../../infrastructure/migrations/index.ts'
import { counted } from '../../../platform/counted.ts'
import { defineOperation, type RunOutcome } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { affectedMigrations } from '../acts/affected.ts'
import { refuseOther } from '../acts/carry-out.ts'
import { databaseOf, fingerprintOf, refusalOf, statusFor } from '../acts/target.ts'

const Input = z.strictObject({
  database: Name,
  to: Name.describe('the last one whose effect the database has already'),
  despiteMissingTables: z.boolean().default(false).describe('continues although tables are missing that these create'),
  reason: Reason,
})

export const baselineMigrations = defineOperation({
  id: 'migration.baseline',
  title: 'Record as applied',
  description:
    'Records pending migrations as applied without running them, for a database that has their effect already, such as one that another tool made.',
  permission: 'migration:run',
  targetKind: 'database',
  input: Input,
  risk: 'grave',
  reason: 'required',
  target: ({ database }) => ({ kind: 'database', name: database }),
  source: ({ database }) => `Postgres ${database}`,

  async preview({ environment }, { database: name, to }) {
    const { migrations, journal } = await statusFor(databaseOf(environment, name))
    const plan = planOf(name, migrations, to)
    return {
      summary: `${counted(plan.length, 'migration')} will be recorded as applied in ${name}. None of them is run.`,
      action: `Record ${counted(plan.length, 'migration')} as applied`,
      affected: affectedMigrations(plan),
      warnings: [
        'It is right only where the database has their effect already. Tables that they create are looked for; columns, indexes and data are not.',
        ...(journal.exists ? [] : [`${journal.schema}.${journal.table} will be created.`]),
      ],
      undoWords: 'by removing their lines from the journal by hand: rolling back would run their .down.sql',
      fingerprint: fingerprintOf(plan, 'up'),
    }
  },

  async run({ environment }, { database: name, to, despiteMissingTables }, control): Promise<RunOutcome> {
    const done = await databaseOf(environment, name)
      .baseline({
        to,
        despiteMissingTables,
        by: control.actor.name,
        signal: control.signal,
        confirm: plan => refuseOther(name, plan, 'up', control.confirmed),
      })
      .catch((error: unknown) => {
        if (error instanceof MigrationError && error.code === 'MIGRATION_FINDINGS')
          throw new RefusalError({
            code: 'conflict',
            message: `${error.message}. Nothing was recorded.`,
            nextStep: error.nextStep,
            fields: { to: 'has not had its effect here' },
          })
        throw refusalOf(name, error)
      })
    for (const migration of done) await control.item(migration, 'done', 'recorded as applied')
    return {
      status: 'succeeded',
      summary: `${counted(done.length, 'migration')} recorded as applied in ${name}; none was run.`,
    }
  },
})

function planOf(database: string, migrations: readonly MigrationEntry[], to: string): MigrationEntry[] {
  if (!migrations.some(entry => entry.name === to))
    throw new RefusalError({
      code: 'not_found',
      message: `There is no migration called ${to} for ${database}.`,
      fields: { to: 'does not exist' },
    })
  const plan = planUp(migrations, to)
  if (plan.length > 0) return plan
  throw new RefusalError({
    code: 'conflict',
    message: `${to} is already applied in ${database}.`,
    fields: { to: 'is applied' },
  })
}
