import {
  bytesInWords,
  concurrently,
  dropIndexStatement,
  type IndexState,
} from '../../../../infrastructure/insight/index.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { writeFirst } from '../../../platform/operation/write-first.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { dropAsFound, dropped, failedDrop } from '../acts/drop-outcome.ts'
import { buildAgain } from '../acts/indexes.ts'
import { indexAct, oldestWarning, SHARE_UPDATE_EXCLUSIVE, UNDO_FOR } from '../acts/input.ts'
import { maintain } from '../acts/maintain.ts'
import { databaseOf, indexOf, tableOf } from '../acts/target.ts'

export const dropIndex = defineOperation({
  ...indexAct,
  id: 'database.drop-index',
  title: 'Drop an index',
  description: 'Drops an index of a watched database without blocking, and keeps its definition to build it again.',

  async preview({ environment }, { database, schema, index: name }) {
    const server = databaseOf(environment, database)
    const index = await indexOf(server, schema, name)
    refuseNeeded(index)
    const table = await tableOf(environment, database, schema, index.table)
    return {
      summary: `The index ${name} on ${schema}.${index.table} (${index.key.join(', ')}) will be dropped in ${database}.`,
      action: 'Drop the index',
      affected: { count: 1, precision: 'exact', noun: 'index', sample: [name] },
      warnings: [
        SHARE_UPDATE_EXCLUSIVE(`${schema}.${index.table}`),
        usedWords(index),
        ...(index.unique ? ['It is unique: without it, rows with the same key are no longer refused.'] : []),
        ...oldestWarning(table),
      ],
      ...(index.valid ? { undo: { windowMs: UNDO_FOR } } : {}),
      undoWords: index.valid
        ? `by building it again without blocking writes (${bytesInWords(index.bytes)}); its definition is kept`
        : undefined,
      texts: [
        { name: 'statement', text: dropIndexStatement(schema, name) },
        { name: 'to build it again', text: concurrently(index.definition) },
      ],
      fingerprint: index.definition,
    }
  },

  async run({ environment }, { database, schema, index: name, waitSeconds: wait }, control) {
    const server = databaseOf(environment, database)
    const index = await indexOf(server, schema, name)
    refuseNeeded(index)
    if (control.confirmed !== undefined && control.confirmed !== index.definition)
      throw new RefusalError({
        code: 'set_grew',
        message: `${name} is no longer the index that was confirmed. Nothing was done.`,
        nextStep: 'Check the new preview.',
      })
    // Kept in the ledger, so that it survives the console and is there for whoever looks later.
    await writeFirst(control, index.definition, 'done', 'builds it again')
    const waitMs = wait * 1_000
    const done = await maintain(
      environment,
      database,
      { statement: dropIndexStatement(schema, name), lockTimeoutMs: waitMs },
      control,
    )
    const of = { database, schema, name, waitMs, definition: index.valid ? index.definition : undefined }
    return done.failed ? failedDrop(environment, of, done, control) : dropped(of)
  },

  async recover({ environment }, { database, schema, index: name, waitSeconds: wait }, control) {
    const definition = [...control.prior.keys()].find(key => /^CREATE (UNIQUE )?INDEX /.test(key))
    if (definition === undefined)
      return { status: 'failed', summary: 'The console stopped before it began. Nothing was done.' }
    const evidence = 'The console stopped while this was running. '
    const of = { database, schema, name, waitMs: wait * 1_000, definition }
    const found = await dropAsFound(environment, of, evidence, control.signal)
    return found ?? { status: 'failed', summary: `${evidence}${name} is still there.` }
  },

  undo: ({ environment }, state, control) => buildAgain(environment, state, control),
})

function refuseNeeded({ name, constraint, referenced, partition }: IndexState): void {
  const why = constraint
    ? `It backs the constraint ${constraint}.`
    : referenced
      ? 'A foreign key refers to it.'
      : partition
        ? 'It is part of the index of a partitioned table.'
        : undefined
  if (why) throw new RefusalError({ code: 'conflict', message: `${name} cannot be dropped. ${why}` })
}

function usedWords({ scans, lastScanAt, valid }: IndexState): string {
  if (!valid) return 'It is INVALID: no query uses it.'
  if (scans === 0) return 'No scan of it was counted.'
  const last =
    lastScanAt === null ? '' : `, last at ${new Date(lastScanAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `It was used ${scans.toLocaleString('en')} times${last}: statements that use it become slower.`
}
