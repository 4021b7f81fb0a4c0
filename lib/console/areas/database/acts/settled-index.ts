import { setTimeout as pause } from 'node:timers/promises'
import { definitionsQuestion, type IndexNow, indexNowQuestion } from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { databaseOf } from './target.ts'

export interface IndexName {
  database: string
  schema: string
  name: string
}

/** How long a backend whose console was lost may go on before the outcome counts as unknown (ms). */
const SETTLE_MS = 30_000

/**
 * The index once no one builds or drops it any more: Postgres ends what a lost console had begun within seconds. `underWay`: someone
 * still does; `unread`: the database does not answer.
 */
export async function settledIndex(
  environment: ConsoleEnvironment,
  { database, schema, name }: IndexName,
  signal: AbortSignal,
): Promise<IndexNow | 'gone' | 'underWay' | 'unread'> {
  const until = performance.now() + SETTLE_MS
  for (;;) {
    const found = await databaseOf(environment, database)
      .ask(indexNowQuestion(schema, name))
      .then(
        index => index ?? ('gone' as const),
        () => 'unread' as const,
      )
    const settled = found === 'gone' || (found !== 'unread' && !found.underWay)
    if (settled) return found
    if (signal.aborted || performance.now() > until) return found === 'unread' ? found : 'underWay'
    await pause(500, undefined, { signal }).catch(() => {})
  }
}

/** How the index that has this name now is built; undefined: there is none, or it could not be read. */
export async function definitionNow(
  environment: ConsoleEnvironment,
  { database, schema, name }: IndexName,
): Promise<string | undefined> {
  const server = databaseOf(environment, database)
  try {
    const index = await server.ask(indexNowQuestion(schema, name))
    return index && (await server.ask(definitionsQuestion(schema, index.table))).get(name)
  } catch {
    return undefined
  }
}
