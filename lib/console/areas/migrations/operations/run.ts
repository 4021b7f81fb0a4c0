import { z } from 'zod'
import {
  describeFinding,
  findingsAbout,
  type MigrationEntry,
  obstacleOf,
  planUp,
  remarksAbout,
  runnable,
} from '../../../../infrastructure/migrations/index.ts'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { affectedMigrations } from '../acts/affected.ts'
import { carryOut, settleFromJournal } from '../acts/carry-out.ts'
import { impactWarnings } from '../acts/impact-words.ts'
import { aloneWords, databaseOf, fingerprintOf, refusePlan, sentence, statusFor, textsOf } from '../acts/target.ts'

const Input = z.strictObject({
  database: Name,
  to: Name.optional().describe('the last one to run; default: all that are pending'),
  createJournal: z.boolean().default(false).describe('creates the journal where there is none: a first run here'),
  despite: z
    .array(z.enum(['drifted', 'missing', 'out-of-order']))
    .max(3)
    .default([])
    .describe('continues although files were changed, are missing, or are out of order'),
  together: z.boolean().default(false).describe('all in one transaction, as drizzle runs them: all or nothing'),
  lockTimeoutSeconds: z
    .number()
    .min(0.1)
    .max(600)
    .optional()
    .describe('how long a statement waits for a lock before its migration is rolled back; default: 5'),
  lockAttempts: z.int().min(1).max(20).optional().describe('how often that is tried; default: 3'),
  reason: Reason.optional(),
})

export const runMigrations = defineOperation({
  id: 'migration.run',
  title: 'Run migrations',
  description: 'Runs the pending migrations of a watched database, each in a transaction with its line in the journal.',
  permission: 'migration:run',
  targetKind: 'database',
  input: Input,
  risk: 'grave',
  reason: 'optional',
  durable: true,
  target: ({ database }) => ({ kind: 'database', name: database }),
  source: ({ database }) => `Postgres ${database}`,

  async preview({ environment }, { database: name, to, createJournal, despite, together }) {
    const database = databaseOf(environment, name)
    const status = await statusFor(database)
    const { journal, migrations, foreignTables, lacks, invalidIndexes } = status
    if (to !== undefined && !migrations.some(entry => entry.name === to))
      throw new RefusalError({
        code: 'not_found',
        message: `There is no migration called ${to} in ${status.folder}.`,
        fields: { to: 'does not exist' },
      })
    const wanted = planUp(migrations, to)
    const plan = planned(wanted, together)
    if (plan.length === 0)
      throw new RefusalError({
        code: 'conflict',
        message: to === undefined ? `Nothing is pending in ${name}.` : `${to} is already applied in ${name}.`,
      })
    refusePlan(status, plan, 'up', despite)
    const tables = counted(foreignTables, 'table')
    if (!journal.exists && !createJournal)
      throw new RefusalError({
        code: 'conflict',
        message: `${name} has no journal of migrations (${journal.schema}.${journal.table}), and ${tables}: nothing has been run here yet.`,
        nextStep: 'If these migrations belong to this database, choose to create its journal.',
        fields: { createJournal: 'must be true for a first run' },
      })
    const refused = plan.length < wanted.length ? obstacleOf(wanted.slice(plan.length), 'up') : undefined
    const outside = together ? plan.find(entry => entry.file?.up.alone)?.name : undefined
    if (outside)
      throw new RefusalError({
        code: 'conflict',
        message: `${outside} runs outside a transaction, so these cannot be run in one.`,
        nextStep: `Run those before ${outside} in one transaction, then the rest one by one.`,
        fields: { together: 'is not possible with these' },
      })
    const oneWay = plan.filter(entry => !entry.file?.down).map(entry => entry.name)
    const rebuilt = plan.flatMap(({ file }) =>
      (file?.up.statements ?? []).flatMap(({ builds }) =>
        invalidIndexes.filter(index => index.name === builds?.name).map(index => index.name),
      ),
    )
    return {
      summary: `${counted(plan.length, 'migration')} will be run in ${name}, in this order${together ? ', all in one transaction' : aloneWords(plan, 'up')}.`,
      action: `Run ${counted(plan.length, 'migration')}`,
      affected: affectedMigrations(plan),
      warnings: [
        ...(journal.exists
          ? []
          : [`This is the first run here: ${journal.schema}.${journal.table} will be created, beside ${tables}.`]),
        ...[...findingsAbout(migrations, plan, 'up')].map(([finding, names]) =>
          sentence(describeFinding(finding, names)),
        ),
        ...(refused
          ? [
              `${sentence(refused.why)} ${wanted.length - plan.length === 1 ? 'It is not run' : `It and the ${counted(wanted.length - plan.length - 1, 'migration')} after it are not run`}.`,
            ]
          : []),
        ...remarksAbout(plan).map(sentence),
        ...(await impactWarnings(database, status, plan)),
        ...rebuilt.map(index => `The INVALID index ${index} that an earlier attempt left will be dropped first.`),
        ...(oneWay.length > 0 ? [`${oneWay.join(', ')} cannot be rolled back.`] : []),
        ...lacks.map(({ right, grant }) => `The account ${status.account} lacks ${right}: ${grant}`),
      ],
      undoWords: oneWay.length === plan.length ? undefined : 'by rolling back, one at a time or to a version',
      texts: textsOf(plan, 'up'),
      fingerprint: fingerprintOf(plan, 'up'),
    }
  },

  async run({ environment }, input, control) {
    const { database: name, to, createJournal, despite, together, lockTimeoutSeconds, lockAttempts } = input
    const database = databaseOf(environment, name)
    const limits = {
      ...(lockTimeoutSeconds === undefined ? {} : { lockTimeoutMs: lockTimeoutSeconds * 1_000 }),
      ...(lockAttempts === undefined ? {} : { lockAttempts }),
    }
    return carryOut(
      database,
      'up',
      status => planned(planUp(status.migrations, to), together),
      control,
      options => database.up({ ...options, ...limits, to, createJournal, despite, together }),
    )
  },

  recover: ({ environment }, { database }, control) =>
    settleFromJournal(databaseOf(environment, database), 'up', control),
})

/** One that can never be run stops those after it, not those before; where none is before it, it is the reason for the refusal. */
function planned(wanted: readonly MigrationEntry[], together: boolean): readonly MigrationEntry[] {
  const first = together ? wanted : runnable(wanted)
  return first.length > 0 ? first : wanted
}
