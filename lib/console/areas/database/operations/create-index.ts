import { z } from 'zod'
import { bytesInWords, createIndexStatement, indexName } from '../../../../infrastructure/insight/index.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { buildAsFound, dropAgain, recoverBuild, undoOfBuild } from '../acts/indexes.ts'
import {
  Columns,
  maintenanceAct,
  ofTable,
  oldestWarning,
  reason,
  SHARE_UPDATE_EXCLUSIVE,
  UNDO_FOR,
  waitSeconds,
} from '../acts/input.ts'
import { failureOf, LOST_AFTER_SENDING, maintain } from '../acts/maintain.ts'
import { databaseOf, indexesOf, tableOf } from '../acts/target.ts'
import { comparedPlans, expectedEffect, planOf } from '../acts/verified-plan.ts'

const Input = z.strictObject({
  ...ofTable,
  columns: Columns,
  statement: z
    .string()
    .regex(/^-?\d{1,20}$/, 'must be the id of a statement')
    .optional()
    .describe('the statement that it is for (queryid): its plan is compared afterwards'),
  waitSeconds,
  reason,
})

export const createIndex = defineOperation({
  ...maintenanceAct,
  id: 'database.create-index',
  title: 'Create an index',
  description: 'Builds an index of a watched database without blocking writes, and drops what a failed build leaves.',
  permission: 'database:index',
  input: Input,
  risk: 'many',
  about: ({ schema, table, columns }) => `${schema}.${table} (${columns.join(', ')})`,

  async preview({ environment }, { database, schema, table, columns, statement }) {
    const server = databaseOf(environment, database)
    const found = await tableOf(environment, database, schema, table)
    const unknown = columns.filter(column => !found.columns.includes(column))
    if (unknown.length > 0)
      throw new RefusalError({
        code: 'invalid',
        message: `${schema}.${table} has no column ${unknown.join(', ')}.`,
        fields: { columns: 'must be columns of the table' },
      })
    if (found.partitioned)
      throw new RefusalError({
        code: 'conflict',
        message: `${schema}.${table} is partitioned, and Postgres builds its indexes only with a lock that blocks writes.`,
        nextStep: 'Build one on each partition, then create the index of the whole.',
      })
    const there = (await indexesOf(server, schema, table)).find(
      ({ key, valid, predicate }) => valid && predicate === null && columns.every((column, at) => key[at] === column),
    )
    if (there)
      throw new RefusalError({
        code: 'conflict',
        message: `${there.name} (${there.key.join(', ')}) already answers what an index on ${columns.join(', ')} would.`,
        fields: { columns: 'are indexed already' },
      })
    const name = indexName(table, columns, found.taken)
    return {
      summary: `The index ${name} will be built on ${schema}.${table} (${columns.join(', ')}) in ${database}.`,
      action: 'Create the index',
      affected: {
        count: found.rows,
        precision: 'sampled',
        noun: found.rows === 1 ? 'row to index' : 'rows to index',
        sample: [],
      },
      warnings: [
        SHARE_UPDATE_EXCLUSIVE(`${schema}.${table}`),
        `Reads the table twice (${bytesInWords(found.tableBytes)} each time). Every later write maintains it.`,
        ...oldestWarning(found),
        ...expectedEffect(await planOf(server, statement), columns),
      ],
      undo: { windowMs: UNDO_FOR },
      undoWords: 'by dropping it again, without blocking writes',
      texts: [{ name: 'statement', text: createIndexStatement({ schema, table }, name, columns) }],
      fingerprint: name,
    }
  },

  async run({ environment }, { database, schema, table, columns, statement, waitSeconds: wait }, control) {
    const server = databaseOf(environment, database)
    const { taken } = await tableOf(environment, database, schema, table)
    const name = indexName(table, columns, taken)
    if (control.confirmed !== undefined && control.confirmed !== name)
      throw new RefusalError({
        code: 'set_grew',
        message: `The name ${control.confirmed} has been taken since the preview. Nothing was done.`,
        nextStep: 'Check the new preview.',
      })
    const before = await planOf(server, statement)
    const done = await maintain(
      environment,
      database,
      {
        statement: createIndexStatement({ schema, table }, name, columns),
        lockTimeoutMs: wait * 1_000,
        builds: { schema, name },
      },
      control,
    )
    const of = { database, schema, name, waitMs: wait * 1_000 }
    if (done.uncertain) return buildAsFound(environment, of, `Building ${name}: ${LOST_AFTER_SENDING}.`, control)
    if (done.failed) return failureOf(done, control, `Building ${name}`)
    const after = await planOf(server, statement)
    return {
      status: 'succeeded',
      summary: `Built ${name} on ${schema}.${table}.${comparedPlans(before, after, name)}`,
      result: { index: `${schema}.${name}` },
      ...(await undoOfBuild(environment, of)),
    }
  },

  recover: async ({ environment }, { database, schema, waitSeconds: wait }, control) =>
    recoverBuild(environment, { database, schema, waitMs: wait * 1_000 }, control),

  undo: ({ environment }, state, control) => dropAgain(environment, state, control),
})
