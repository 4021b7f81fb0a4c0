import {
  createInsight,
  definitionsQuestion,
  type IndexState,
  indexesQuestion,
  indexNowQuestion,
  maintenanceQuestion,
  type Question,
  type TableForMaintenance,
} from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { OWN_APPLICATION, type PostgresServer } from '../../../servers/postgres/servers.ts'
import { PostgresServers } from '../../../servers/resources.ts'

/** The watched database of this name. Refuses when there is none. */
export function databaseOf(environment: ConsoleEnvironment, name: string): PostgresServer {
  const server = environment.of(PostgresServers).find(name)
  if (server) return server
  throw new RefusalError({
    code: 'not_found',
    message: `No database called ${name} is watched in this environment.`,
    fields: { database: 'is not watched' },
  })
}

/** Tables and columns of it that the configuration hides. */
export function hiddenIn(environment: ConsoleEnvironment, name: string): readonly string[] {
  return environment.settings.databases.find(database => database.name === name)?.hidden ?? []
}

/** Where its schema may be changed: the direct address of its migrations, where one is set. */
export function addressForActs(environment: ConsoleEnvironment, name: string): string {
  const found = environment.settings.databases.find(database => database.name === name)
  if (!found) throw new Error(`no database ${name} is configured`)
  return found.migrations?.url ?? found.url
}

/** What a server answers before anything was done; refuses when it does not. */
export const asked = <T>(name: string, answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    if (error instanceof RefusalError) throw error
    throw new RefusalError({
      code: 'unavailable',
      message: `${name} could not be read: ${reasonOf(`Postgres ${name}`, error)}. Nothing was done.`,
      nextStep: `Check that Postgres ${name} is running and reachable from the console.`,
    })
  })

/** A table as it is now. Refuses one that is not there, or that the account of acts may not change. */
export async function tableOf(
  environment: ConsoleEnvironment,
  database: string,
  schema: string,
  table: string,
): Promise<TableForMaintenance> {
  const server = databaseOf(environment, database)
  const question = maintenanceQuestion(schema, table)
  const found = await asked(server.name, server.ask(question))
  if (!found)
    throw new RefusalError({
      code: 'not_found',
      message: `${server.name} has no table ${schema}.${table}.`,
      fields: { table: 'does not exist' },
    })
  const acting = await asked(server.name, askForActs(environment, database, question))
  if (acting && !acting.mayChange)
    throw new RefusalError({
      code: 'forbidden',
      message: `The account ${acting.account} may not change ${schema}.${table}: it belongs to ${found.owner}.`,
      nextStep: `GRANT ${found.owner} TO ${acting.account};`,
    })
  return found
}

/** Asks as the account that acts, which may see less of other sessions than the one that watches. */
async function askForActs<T>(environment: ConsoleEnvironment, name: string, question: Question<T>): Promise<T> {
  const url = addressForActs(environment, name)
  const insight = createInsight({ name, url, application: `${OWN_APPLICATION}-act` })
  try {
    return await insight.ask(question)
  } finally {
    await insight.close()
  }
}

/** An index as it is now. Refuses one that is not there, or whose table someone locks. */
export async function indexOf(
  server: PostgresServer,
  schema: string,
  name: string,
): Promise<IndexState & { definition: string }> {
  const { indexes } = await asked(server.name, server.ask(indexesQuestion))
  const found = indexes.find(index => index.schema === schema && index.name === name)
  const definitions = found && (await asked(server.name, server.ask(definitionsQuestion(schema, found.table))))
  const definition = definitions?.get(name)
  if (found && definition !== undefined) return { ...found, definition }
  if (await asked(server.name, server.ask(indexNowQuestion(schema, name))))
    throw new RefusalError({
      code: 'conflict',
      message: `Another session holds a lock on ${schema}.${name} or its table that keeps it from being read. Nothing was done.`,
      nextStep: 'Try again when that session has ended.',
    })
  throw new RefusalError({
    code: 'not_found',
    message: `${server.name} has no index ${schema}.${name}.`,
    fields: { index: 'does not exist' },
  })
}

export async function indexesOf(server: PostgresServer, schema: string, table: string): Promise<IndexState[]> {
  const { indexes } = await asked(server.name, server.ask(indexesQuestion))
  return indexes.filter(index => index.schema === schema && index.table === table)
}
