import { z } from 'zod'
import { parseJson } from '../../../../core/json.ts'
import { maskLiterals } from '../../../../infrastructure/insight/index.ts'
import type { ReadOutcome } from '../../../platform/audit/record-read.ts'
import { counted } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { sensitive } from '../../../platform/operation/input.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import type { Store } from '../../../platform/store/port.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { hiddenIn } from '../acts/target.ts'
import { QuerySql } from './input.ts'
import { Parameters } from './parameters.ts'
import { type QueryRefused, type QueryRows, runQuery } from './run-query.ts'
import { findSavedQuery, type SavedQuery } from './store.ts'

const Values = z.record(z.string().max(50), z.string().max(1_000))

const json = <T extends z.ZodType>(schema: T, example: string) =>
  z
    .string()
    .max(8_000)
    .default('')
    .refine(text => text === '' || schema.safeParse(parseJson(text)).success, `must be JSON such as ${example}`)

export const queryFilters = z.object({
  name: exact(300),
  query: exact(40).describe('the id of a saved query; its text and parameters are taken then'),
  text: QuerySql.default(''),
  parameters: json(Parameters, '[{"name":"customer","type":"number"}]'),
  values: sensitive(json(Values, '{"customer":"7"}')),
  attempt: exact(40).describe('any text: another one is another reading'),
})
type QueryFilters = z.output<typeof queryFilters>

export interface QueryAnswer {
  answer: QueryRows | QueryRefused
  /** How the audit names it. */
  title: string
}

/** Runs a saved query or the given text with the given values; undefined where no database of that name is declared. */
export async function runFor(
  { environment, store }: { environment: ConsoleEnvironment; store: Store },
  { name, query, ...given }: QueryFilters,
): Promise<QueryAnswer | undefined> {
  const server = environment.of(PostgresServers).find(name)
  if (!server) return undefined
  let saved: SavedQuery | undefined
  if (query) {
    try {
      saved = await findSavedQuery(store.db, { environment: environment.name, database: name }, query)
    } catch (error) {
      return { title: 'a saved query', answer: { kind: 'down', words: `${reasonOf('Postgres', error)}.` } }
    }
    if (!saved)
      return { title: 'a saved query', answer: { kind: 'absent', words: 'There is no such query: it was deleted.' } }
  }
  const parameters = saved?.parameters ?? parametersIn(given)
  const names = parameters.map(one => `:${one.name}`).join(', ')
  return {
    title: `${saved ? `“${saved.name}”` : 'a query'}${names ? ` (${names})` : ''}`,
    answer: await runQuery(server, {
      text: saved?.text ?? given.text,
      parameters,
      values: Values.catch({}).parse(parseJson(given.values)),
      hidden: hiddenIn(environment, name),
    }),
  }
}

const parametersIn = ({ parameters }: Pick<QueryFilters, 'parameters'>) =>
  Parameters.catch([]).parse(parseJson(parameters))

/** Which query with which parameters, without the values in either. */
export const auditedInput = ({ name, query, text, parameters, ...rest }: QueryFilters) => ({
  name,
  ...(query ? { query } : { text: maskLiterals(text) }),
  parameters: parametersIn({ parameters }).map(one => one.name),
  ...(rest.values ? { values: '[hidden]' } : {}),
})

/** What the audit says of it: Postgres' words about a text quote pieces of it, and those about a value quote the value. */
export function outcomeOfQuery(done: QueryAnswer | undefined, verb = 'read'): ReadOutcome {
  if (!done) return { outcome: 'failed', message: 'There is no such database.' }
  const { answer, title } = done
  if (answer.kind === 'rows')
    return {
      outcome: 'succeeded',
      message: `Ran ${title}: ${verb} ${counted(answer.rows.length, 'row')}${answer.cut ? ', and there are more' : ''}.`,
    }
  const isRefused = answer.kind === 'query' || answer.kind === 'denied' || answer.kind === 'absent'
  const why =
    answer.kind === 'syntax'
      ? 'Postgres cannot run its text.'
      : answer.kind === 'value'
        ? 'a value does not fit.'
        : answer.words
  return { outcome: isRefused ? 'refused' : 'failed', message: `Did not run ${title}: ${why}` }
}
