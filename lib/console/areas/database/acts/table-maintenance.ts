import { z } from 'zod'
import { bytesInWords } from '../../../../infrastructure/insight/index.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { maintenanceAct, ofTable, reason, SHARE_UPDATE_EXCLUSIVE, waitSeconds } from './input.ts'
import { failureOf, maintain } from './maintain.ts'
import { tableOf } from './target.ts'

interface TableVerb {
  id: string
  title: string
  description: string
  verb: string
  did: string
  statement(of: { schema: string; table: string }): string
  /** What it costs and changes. */
  effect: string
}

const Input = z.strictObject({ ...ofTable, waitSeconds, reason })

/** An act on a table as a whole that blocks neither reads nor writes, and may be done again at any time. */
export function tableMaintenance({ id, title, description, verb, did, statement, effect }: TableVerb) {
  return defineOperation({
    ...maintenanceAct,
    id,
    title,
    description,
    permission: 'database:maintain',
    input: Input,
    risk: 'one',
    about: ({ schema, table }) => `${schema}.${table}`,

    async preview({ environment }, { database, schema, table }) {
      const found = await tableOf(environment, database, schema, table)
      const { oldest } = found
      return {
        summary: `${verb} ${schema}.${table} in ${database}: ${bytesInWords(found.tableBytes)}, about ${found.rows.toLocaleString('en')} rows.`,
        action: title.replace('a table', table),
        affected: { count: 1, precision: 'exact' as const, noun: 'table', sample: [`${schema}.${table}`] },
        warnings: [
          SHARE_UPDATE_EXCLUSIVE(`${schema}.${table}`),
          effect,
          ...(verb === 'Vacuum' && oldest && oldest.ageMs > 60_000
            ? [
                `Rows that died since the transaction of ${oldest.name} (pid ${oldest.pid}) began, ${Math.round(oldest.ageMs / 60_000)} minutes ago, stay.`,
              ]
            : []),
        ],
        texts: [{ name: 'statement', text: statement({ schema, table }) }],
      }
    },

    async run({ environment }, { database, schema, table, waitSeconds: wait }, control) {
      const what = { statement: statement({ schema, table }), lockTimeoutMs: wait * 1_000 }
      const done = await maintain(environment, database, what, control)
      if (done.failed) return failureOf(done, control, `${title} ${schema}.${table}`)
      return { status: 'succeeded', summary: `${did} ${schema}.${table} in ${database}.` }
    },
  })
}
