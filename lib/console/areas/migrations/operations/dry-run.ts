import { z } from 'zod'
import { formatDuration } from '../../../../core/time-format.ts'
import { type DryRun, planUp } from '../../../../infrastructure/migrations/index.ts'
import { counted } from '../../../platform/counted.ts'
import { defineOperation, type RunOutcome } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { affectedMigrations } from '../acts/affected.ts'
import { refuseOther } from '../acts/carry-out.ts'
import { impactWarnings } from '../acts/impact-words.ts'
import { migrationLedger } from '../acts/ledger.ts'
import { databaseOf, fingerprintOf, refusalOf, statusFor, textsOf } from '../acts/target.ts'

const Input = z.strictObject({
  database: Name,
  to: Name.optional().describe('the last one to try; default: all that are pending'),
  reason: Reason.optional(),
})

export const dryRunMigrations = defineOperation({
  id: 'migration.dry-run',
  title: 'Try migrations',
  description:
    'Runs the pending migrations of a watched database in one transaction that is rolled back, and measures each statement. It takes their locks until the rollback.',
  permission: 'migration:run',
  targetKind: 'database',
  input: Input,
  risk: 'many',
  reason: 'optional',
  durable: true,
  target: ({ database }) => ({ kind: 'database', name: database }),
  source: ({ database }) => `Postgres ${database}`,

  async preview({ environment }, { database: name, to }) {
    const database = databaseOf(environment, name)
    const status = await statusFor(database)
    const plan = planUp(status.migrations, to)
    if (plan.length === 0)
      throw new RefusalError({ code: 'conflict', message: `Nothing is pending in ${name}${to ? ` up to ${to}` : ''}.` })
    const outside = plan.filter(entry => entry.file?.up.alone).map(entry => entry.name)
    return {
      summary: `${counted(plan.length, 'migration')} will be run in ${name} in one transaction, which is rolled back: nothing of it stays.`,
      action: `Try ${counted(plan.length, 'migration')}`,
      affected: affectedMigrations(plan),
      warnings: [
        'All locks are held until the rollback, so others wait as they would for the real run, and as long as all of it takes.',
        ...(outside.length > 0
          ? [`${outside.join(', ')} cannot be tried: outside a transaction nothing can be rolled back.`]
          : []),
        ...(await impactWarnings(database, status, plan)),
      ],
      texts: textsOf(plan, 'up'),
      fingerprint: fingerprintOf(plan, 'up'),
    }
  },

  async run({ environment }, { database: name, to }, control): Promise<RunOutcome> {
    const database = databaseOf(environment, name)
    const status = await database.status().catch(error => {
      throw refusalOf(name, error)
    })
    const planned = planUp(status.migrations, to).map(entry => entry.name)
    const ledger = migrationLedger(control, planned)
    await ledger.plan()
    const tried = await database
      .dryRun({
        ...(to === undefined ? {} : { to }),
        by: control.actor.name,
        signal: control.signal,
        onOutput: ledger.onOutput,
        confirm: plan => refuseOther(name, plan, 'up', control.confirmed),
        despite: ['drifted', 'missing', 'out-of-order'],
      })
      .catch(async error => {
        await ledger.close(new Set())
        throw refusalOf(name, error)
      })
    await ledger.close(new Set(planned))
    return outcomeOf(name, tried, control.item)
  },

  recover: async () => ({
    status: 'failed',
    summary: 'The console stopped while this was tried. Postgres rolled it back: nothing of it stays.',
  }),
})

async function outcomeOf(
  database: string,
  { migrations, durationMs }: DryRun,
  item: (key: string, status: 'done' | 'failed' | 'skipped', message: string) => Promise<unknown>,
): Promise<RunOutcome> {
  for (const { name, outcome, statements, message } of migrations) {
    const took = statements.reduce((sum, statement) => sum + statement.durationMs, 0)
    if (outcome === 'ran') await item(name, 'done', `would take ${formatDuration(took)}`)
    else await item(name, outcome, message ?? outcome)
  }
  const failed = migrations.find(({ outcome }) => outcome === 'failed')
  const ran = migrations.filter(({ outcome }) => outcome === 'ran').length
  const held = `Locks were held for ${formatDuration(durationMs)}; all of it was rolled back.`
  if (failed) return { status: 'failed', summary: `${failed.message} ${held}` }
  const skipped = migrations.length - ran
  return {
    status: 'succeeded',
    summary: `${counted(ran, 'migration')} would run in ${database}${skipped > 0 ? `; ${skipped} could not be tried` : ''}. ${held}`,
  }
}
