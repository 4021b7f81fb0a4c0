import { createHash } from 'node:crypto'
import { z } from 'zod'
import { InfrastructureError } from '../../../../core/errors.ts'
import { DatabaseError } from '../../../../infrastructure/database/index.ts'
import {
  ExplainError,
  type JudgedPlan,
  maskLiterals,
  type PlanNode,
  parametersOf,
  plannableQuestion,
  planQuestion,
} from '../../../../infrastructure/insight/index.ts'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, sensitive } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
import { reason } from '../acts/input.ts'
import { asked, databaseOf } from '../acts/target.ts'

const Input = z.strictObject({
  database: Name,
  statement: z
    .string()
    .regex(/^-?\d{1,20}$/, 'must be the id of a statement')
    .describe('its queryid'),
  values: sensitive(z.array(z.string().max(1_000)).max(50))
    .default([])
    .describe('one for each parameter, as text'),
  seconds: z.number().int().min(1).max(30).default(5).describe('when it is cancelled'),
  reason,
})

export const measurePlan = defineOperation({
  id: 'database.measure-plan',
  title: 'Measure a plan',
  description: 'Runs a statement of a watched database once with EXPLAIN (ANALYZE), read-only and rolled back.',
  permission: 'database:measure',
  targetKind: 'database',
  input: Input,
  risk: 'many',
  reason: 'optional',
  lines: ['step of the plan', 'steps of the plan'],
  target: ({ database }) => ({ kind: 'database', name: database }),
  about: ({ statement }) => statement,
  source: ({ database }) => `Postgres ${database}`,

  async preview({ environment }, { database, statement, values, seconds }) {
    const server = databaseOf(environment, database)
    const text = await textOf(server, statement, values)
    return {
      summary: `The statement will be run once in ${database}, for ${seconds} seconds at most, in a read-only transaction that is rolled back.`,
      action: 'Run and measure it',
      affected: { count: 1, precision: 'exact', noun: 'statement', sample: [] },
      warnings: [
        'It is planned and run with the rights of the console’s account, the functions in it included.',
        'It takes the locks and the load of a normal run. What writes is refused by Postgres; functions with effects outside the transaction (sequences, dblink) keep them.',
      ],
      texts: [{ name: 'statement', text: maskLiterals(text) }],
      fingerprint: createHash('sha256').update(text).digest('hex'),
    }
  },

  async run({ environment }, { database, statement, values, seconds }, control) {
    const server = databaseOf(environment, database)
    const text = await textOf(server, statement, values)
    const judged = await server
      .ask(planQuestion(text, { analyze: true, values, timeoutMs: seconds * 1_000 }))
      .catch((error: unknown) => {
        if (error instanceof InfrastructureError)
          throw new RefusalError({
            code: 'conflict',
            message: `It could not be measured: ${withoutValues(error)}. Nothing of it remains.`,
            nextStep: error.nextStep,
          })
        throw error
      })
    for (const { key, words } of linesOf(judged)) await control.item(key, 'done', words)
    const { executionMs = 0 } = judged.plan
    const found =
      judged.findings.length === 0
        ? 'Nothing in its plan stands out.'
        : judged.findings.map(({ words }) => words).join(' ')
    return {
      status: 'succeeded',
      summary: `It took ${executionMs.toFixed(1)} ms. ${found}`,
      result: { shape: judged.shape, executionMs, findings: judged.findings.map(({ kind }) => kind) },
    }
  },
})

async function textOf(server: PostgresServer, statement: string, values: readonly string[]): Promise<string> {
  const text = await asked(
    server.name,
    server.ask(plannableQuestion(statement)).catch((error: unknown) => {
      if (error instanceof ExplainError)
        throw new RefusalError({ code: 'conflict', message: `${error.message}.`, nextStep: error.nextStep })
      throw error
    }),
  )
  if (text === undefined)
    throw new RefusalError({
      code: 'not_found',
      message: `The text of this statement is not known in ${server.name}: it was dropped from pg_stat_statements, or is hidden from this account.`,
      fields: { statement: 'is not known' },
    })
  const wanted = parametersOf(text)
  if (wanted !== values.length)
    throw new RefusalError({
      code: 'invalid',
      message: `The statement has ${counted(wanted, 'parameter')}: give a value for each.`,
      fields: { values: `must be ${wanted}` },
    })
  return text
}

/** States of which Postgres' message names a relation at most: missing rights, a write in a read-only transaction, a timeout. */
const NO_VALUES = new Set(['42501', '25006', '57014', '55P03'])

/** What may be kept of an error: `invalid input syntax for type integer: "…"` quotes what was given. */
function withoutValues(error: InfrastructureError): string {
  if (!(error instanceof DatabaseError) || error.sqlState === undefined || NO_VALUES.has(error.sqlState))
    return error.message
  return `Postgres refused it (SQLSTATE ${error.sqlState}); its message may contain the values, and is not kept`
}

/** Each step of a plan as a line, indented by its depth. */
function linesOf({ plan }: JudgedPlan): { key: string; words: string }[] {
  const lines: { key: string; words: string }[] = []
  const add = (node: PlanNode, depth: number) => {
    const { kind, relation, index, measured, expectedRows } = node
    const number = String(lines.length + 1).padStart(3, '0')
    const what = [kind, index, relation].filter(Boolean).join(' ')
    const rows = Math.round(measured ? measured.rows : 0).toLocaleString('en')
    const words = measured
      ? `${rows} rows in ${measured.ms.toFixed(1)} ms, ${counted(measured.loops, 'loop')}; expected ${expectedRows.toLocaleString('en')} a loop`
      : 'never reached'
    lines.push({ key: `${number} ${'· '.repeat(depth)}${what}`, words })
    for (const child of node.children) add(child, depth + 1)
  }
  add(plan.root, 0)
  return lines
}
