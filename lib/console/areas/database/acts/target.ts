import {
  definitionsQuestion,
  type IndexState,
  indexesQuestion,
  maintenanceQuestion,
  type TableForMaintenance,
} from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
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

/** Where its schema may be changed: the direct address of its migrations, where one is set. */
export function addressForActs(environment: ConsoleEnvironment, name: string): string {
  const found = environment.settings.databases.find(database => database.name === name)
  if (!found) throw new Error(`no database ${name} is configured`)
  return found.migrations?.url ?? found.url
}

const asked = <T>(name: string, answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    throw new RefusalError({
      code: 'unavailable',
      message: `${name} could not be read: ${reasonOf(`Postgres ${name}`, error)}. Nothing was done.`,
      nextStep: `Check that Postgres ${name} is running and reachable from the console.`,
    })
  })

/** A table as it is now. Refuses one that is not there, or that this account may not change. */
export async function tableOf(server: PostgresServer, schema: string, table: string): Promise<TableForMaintenance> {
  const found = await asked(server.name, server.ask(maintenanceQuestion(schema, table)))
  if (!found)
    throw new RefusalError({
      code: 'not_found',
      message: `${server.name} has no table ${schema}.${table}.`,
      fields: { table: 'does not exist' },
    })
  if (!found.mayChange)
    throw new RefusalError({
      code: 'forbidden',
      message: `The account ${found.account} may not change ${schema}.${table}: it belongs to ${found.owner}.`,
      nextStep: `GRANT ${found.owner} TO ${found.account};`,
    })
  return found
}

/** An index as it is now. Refuses one that is not there. */
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
