import { z } from 'zod'
import { planDown } from '../../../../infrastructure/migrations/index.ts'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { affectedMigrations } from '../acts/affected.ts'
import { carryOut, settleFromJournal } from '../acts/carry-out.ts'
import { lockWarnings, lossesOf } from '../acts/impact-words.ts'
import { aloneWords, databaseOf, fingerprintOf, refusePlan, statusFor, textsOf } from '../acts/target.ts'

const Input = z.strictObject({
  database: Name,
  to: Name.nullable().describe('the last one that stays applied; null: all are rolled back'),
  despite: z
    .array(z.enum(['drifted']))
    .max(1)
    .default([])
    .describe('continues although files were changed after they were applied'),
  reason: Reason,
})

export const rollBackMigrations = defineOperation({
  id: 'migration.roll-back',
  title: 'Roll back migrations',
  description: 'Undoes applied migrations of a watched database by their .down.sql files, the newest first.',
  permission: 'migration:roll-back',
  targetKind: 'database',
  input: Input,
  risk: 'grave',
  reason: 'required',
  durable: true,
  target: ({ database }) => ({ kind: 'database', name: database }),
  source: ({ database }) => `Postgres ${database}`,

  async preview({ environment }, { database: name, to, despite }) {
    const status = await statusFor(databaseOf(environment, name))
    const { migrations, lacks, account } = status
    if (to !== null && !migrations.some(entry => entry.name === to && entry.applied))
      throw new RefusalError({
        code: 'not_found',
        message: `No migration called ${to} is applied in ${name}.`,
        fields: { to: 'is not applied' },
      })
    const plan = planDown(migrations, to)
    if (plan.length === 0)
      throw new RefusalError({
        code: 'conflict',
        message: to === null ? `Nothing is applied in ${name}.` : `${to} is already the last one applied in ${name}.`,
      })
    refusePlan(status, plan, 'down', despite)
    const lost = lossesOf(plan, 'down')
    const gone = lossesOf(plan, 'up')
    return {
      summary: `${counted(plan.length, 'migration')} will be rolled back in ${name}, in this order${to === null ? '' : `; ${to} stays`}${aloneWords(plan, 'down')}.`,
      action: `Roll back ${counted(plan.length, 'migration')}`,
      affected: affectedMigrations(plan),
      warnings: [
        ...(lost.length > 0 ? [`Rolling back loses ${lost.join(', ')}; running it again does not restore that.`] : []),
        ...(gone.length > 0
          ? [`Running it took away ${gone.join(', ')}, which rolling back does not bring back.`]
          : []),
        ...lockWarnings(plan, 'down'),
        ...lacks
          .filter(({ right }) => right.includes('journal'))
          .map(({ right, grant }) => `The account ${account} lacks ${right}: ${grant}`),
      ],
      undoWords: 'by running them again; dropped data is not restored',
      texts: textsOf(plan, 'down'),
      fingerprint: fingerprintOf(plan, 'down'),
    }
  },

  async run({ environment }, { database: name, to, despite }, control) {
    const database = databaseOf(environment, name)
    return carryOut(
      database,
      'down',
      status => planDown(status.migrations, to),
      control,
      options => database.down({ ...options, to, despite }),
    )
  },

  recover: ({ environment }, { database }, control) =>
    settleFromJournal(databaseOf(environment, database), 'down', control),
})
