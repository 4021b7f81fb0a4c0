import { bytesInWords, reindexStatement } from '../../../../infrastructure/insight/index.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { indexAct, oldestWarning, SHARE_UPDATE_EXCLUSIVE } from '../acts/input.ts'
import { failureOf, maintain } from '../acts/maintain.ts'
import { settledIndex } from '../acts/settled-index.ts'
import { databaseOf, indexOf, tableOf } from '../acts/target.ts'

export const reindex = defineOperation({
  ...indexAct,
  id: 'database.reindex',
  title: 'Rebuild an index',
  description: 'Rebuilds an index of a watched database beside itself, without blocking writes (REINDEX CONCURRENTLY).',

  async preview({ environment }, { database, schema, index: name }) {
    const server = databaseOf(environment, database)
    const index = await indexOf(server, schema, name)
    const table = await tableOf(environment, database, schema, index.table)
    return {
      summary: `The index ${name} on ${schema}.${index.table} will be rebuilt in ${database}.`,
      action: 'Rebuild the index',
      affected: { count: 1, precision: 'exact', noun: 'index', sample: [name] },
      warnings: [
        SHARE_UPDATE_EXCLUSIVE(`${schema}.${index.table}`),
        `Needs about ${bytesInWords(index.bytes)} more while both are there, and reads the table (${bytesInWords(table.tableBytes)}) twice.`,
        ...oldestWarning(table),
      ],
      undoWords: undefined,
      texts: [{ name: 'statement', text: reindexStatement(schema, name) }],
      fingerprint: index.definition,
    }
  },

  async run({ environment }, { database, schema, index: name, waitSeconds: wait }, control) {
    const server = databaseOf(environment, database)
    const before = await indexOf(server, schema, name)
    const done = await maintain(
      environment,
      database,
      { statement: reindexStatement(schema, name), lockTimeoutMs: wait * 1_000, copies: { schema, name } },
      control,
    )
    if (done.failed) return failureOf(done, control, `Rebuilding ${name}`)
    const after = await indexOf(server, schema, name)
    const sizes = `${bytesInWords(before.bytes)} before, ${bytesInWords(after.bytes)} now`
    return { status: 'succeeded', summary: `Rebuilt ${name} in ${database}: ${sizes}.` }
  },

  async recover({ environment }, { database, schema, index: name }, control) {
    const index = await settledIndex(environment, { database, schema, name }, control.signal)
    const evidence = 'The console stopped while this was running.'
    if (index === 'unread' || index === 'gone') {
      const why = index === 'gone' ? 'is no longer there' : 'could not be read'
      return { status: 'unknown', summary: `${evidence} ${name} ${why}.` }
    }
    if (index === 'underWay')
      return {
        status: 'unknown',
        summary: `${evidence} ${name} is still being rebuilt.`,
      }
    return {
      status: 'unknown',
      summary: `${evidence} ${name} is ${index.valid ? 'valid, rebuilt or as it was' : 'INVALID'}; a copy of it may be left.`,
    }
  },
})
