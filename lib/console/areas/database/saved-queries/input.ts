import { z } from 'zod'
import { maskLiterals } from '../../../../infrastructure/insight/index.ts'
import { counted } from '../../../platform/counted.ts'
import type { OperationContext, PreviewDraft, RunControl } from '../../../platform/operation/define.ts'
import { Name, name, sensitive } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { databaseOf, hiddenIn } from '../acts/target.ts'
import { Parameters } from './parameters.ts'
import { type QueryText, refusalOfQuery } from './run-query.ts'
import { findSavedQuery, isNameTaken, type QueryPlace, type SavedQuery } from './store.ts'

export const LONGEST_QUERY = 4_000
export const UNDO_FOR = 24 * 3_600_000

/** SQL as it is written: lines and tabs, and no other control characters. */
export const QuerySql = z
  .string()
  .max(LONGEST_QUERY)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  .refine(text => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text), 'must not contain control characters')
  .refine(text => text.isWellFormed(), 'must not contain half characters (lone surrogates)')

export const queryFields = {
  database: Name,
  name: name(100).describe('unique among those of the database'),
  description: z.string().trim().max(500).default(''),
  // What is compared with in it may be personal data.
  text: sensitive(QuerySql.min(1)).describe('a SELECT, with parameters as :name'),
  parameters: Parameters.default([]).describe('each :name with its type'),
}
export const ofQuery = { database: Name, query: z.string().min(1).max(40).describe('its id') }
/** Of the version that was seen: another one is not changed. */
export const seen = z.number().int().min(0).describe('when it was last changed, as it was read (ms)')

/** What acts on saved queries have in common. */
export const queryAct = {
  permission: 'database:browse',
  targetKind: 'database',
  risk: 'one',
  reason: 'optional',
  ofConsoleOnly: true,
  target: ({ database }: { database: string }) => ({ kind: 'database', name: database }),
  source: ({ database }: { database: string }) => `Postgres ${database}`,
} as const

export const placeOf = ({ environment }: OperationContext, database: string): QueryPlace => ({
  environment: environment.name,
  database,
})

/** The saved query, or a refusal where there is none. */
export async function savedOf(context: OperationContext, database: string, id: string): Promise<SavedQuery> {
  const found = await findSavedQuery(context.store.db, placeOf(context, database), id)
  if (found) return found
  throw new RefusalError({
    code: 'not_found',
    message: `${database} has no saved query of this id: it was deleted.`,
    fields: { query: 'does not exist' },
  })
}

/** Refuses a name that another query has, and a query that could not be run. */
export async function refuseUnsavable(
  context: OperationContext,
  database: string,
  query: QueryText & { name: string },
  except?: string,
): Promise<void> {
  const server = databaseOf(context.environment, database)
  if (await isNameTaken(context.store.db, placeOf(context, database), query.name, except))
    throw nameTaken(database, query.name)
  const refused = await refusalOfQuery(server, { ...query, hidden: hiddenIn(context.environment, database) })
  if (!refused) return
  // Postgres quotes a piece of a text that it cannot read, which is not for the audit.
  const message = refused.kind === 'syntax' ? 'The query is not one that Postgres can run.' : refused.words
  throw new RefusalError({
    code: refused.kind === 'down' ? 'unavailable' : 'invalid',
    message,
    fields: { text: refused.words },
    ...(refused.nextStep === undefined ? {} : { nextStep: refused.nextStep }),
  })
}

export const nameTaken = (database: string, query: string) =>
  new RefusalError({
    code: 'conflict',
    message: `A query of ${database} is called ${query} already. Nothing was saved.`,
    fields: { name: 'is taken' },
  })

/** Of an undo. */
export const nameTakenSince = (query: string) =>
  ({ status: 'failed', summary: `Another query is called “${query}” now. Nothing was restored.` }) as const

export function outlook(words: string, action: string, query: string): Omit<PreviewDraft, 'undo'> {
  return { summary: words, action, affected: { count: 1, precision: 'exact', noun: 'query', sample: [query] } }
}

/** Keeps what a query does in the ledger, without the values in it. */
export async function noteText(control: RunControl, { name: named, text, parameters }: SavedQuery): Promise<void> {
  const words = parameters.length === 0 ? '' : ` (${counted(parameters.length, 'parameter')})`
  await control.item(named, 'done', `${maskLiterals(text)}${words}`)
}
