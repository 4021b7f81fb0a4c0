import type { Ask, Question } from '../port.ts'
import { readTexts } from '../statements/read.ts'
import { beyondSql, OWN_ACCOUNT } from './beyond-sql.ts'
import { explainable } from './explain.ts'
import { ExplainError } from './explain-error.ts'

/**
 * The text of a statement that may be planned; undefined where it is not known. Planning runs the IMMUTABLE functions of a statement with the
 * rights of the account that asks, and what such a function does is up to its owner. So an account that reaches beyond SQL plans what it
 * sent itself, and nothing else. Rejects with ExplainError where that, or the text, forbids it.
 */
export function plannableQuestion(queryId: string): Question<string | undefined> {
  return { id: `plannable ${queryId}`, freshFor: 0, answer: ask => plannable(ask, queryId) }
}

async function plannable(ask: Ask, queryId: string): Promise<string | undefined> {
  const own = (await readTexts(ask, [queryId], 'own')).get(queryId)
  const text = own ?? (await readTexts(ask, [queryId], 'all')).get(queryId)
  if (text === undefined) return undefined
  explainable(text)
  const beyond = own === undefined ? await beyondSql(ask) : undefined
  if (beyond === undefined) return text
  throw new ExplainError(
    `Another account sent this statement, and planning would run its IMMUTABLE functions as ${beyond}`,
    { nextStep: OWN_ACCOUNT },
  )
}
