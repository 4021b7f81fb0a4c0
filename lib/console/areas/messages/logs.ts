import { createDatabase } from '../../../infrastructure/database/index.ts'
import type { Question } from '../../../infrastructure/insight/index.ts'
import { createMessages, type MessageCount, type Messages } from '../../../infrastructure/messages/index.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { defineResource } from '../../platform/environment/resource.ts'
import type { Outages } from '../../platform/part/outages.ts'
import type { Part } from '../../platform/part/part.ts'
import { part } from '../../platform/part/read-part.ts'
import { RefusalError } from '../../platform/refusal.ts'
import type { ResolvedDatabase } from '../../platform/settings/port.ts'
import { lastAnswers } from '../../servers/postgres/last-answers.ts'
import { OWN_APPLICATION } from '../../servers/postgres/servers.ts'
import { PostgresServers } from '../../servers/resources.ts'

/** Few: people look at messages, programs do not. */
const MOST_CONNECTIONS = 2
const DAY = 86_400_000

/** The log of messages in one declared database. It can be read while no process of its services runs. */
export interface MessageLog {
  /** Connects with the first call. */
  open(): Promise<Messages>
  /** By channel, provider and status, of those recorded in 24 hours; one answer serves everyone for `maxAge` ms. */
  countsOfDay(maxAge: number): Promise<Part<MessageCount[]>>
}

export const Logs = defineResource<{ find(database: string): MessageLog | undefined }>(
  'message-logs',
  ({ settings, outages }) => {
    const opened = new Map(settings.databases.map(declared => [declared.name, logIn(declared, outages)]))
    return {
      value: { find: database => opened.get(database) },
      close: async () => void (await Promise.all([...opened.values()].map(({ close }) => close()))),
    }
  },
)

function logIn({ name, url }: ResolvedDatabase, outages: Outages): MessageLog & { close(): Promise<void> } {
  let opening: ReturnType<typeof connect> | undefined
  const answers = lastAnswers()
  async function connect() {
    const database = await createDatabase({
      url,
      name,
      maxConnections: MOST_CONNECTIONS,
      applicationName: `${OWN_APPLICATION}-messages`,
    })
    return { database, messages: await createMessages({ sql: database.sql }) }
  }
  const open = async () => {
    opening ??= connect()
    return (await opening).messages
  }
  return {
    open,
    countsOfDay: maxAge =>
      answers.get('counts', maxAge, () =>
        part(
          `Postgres ${name}`,
          outages,
          open().then(messages => messages.counts(Date.now() - DAY)),
        ),
      ),
    async close() {
      const was = await opening
      await was?.messages.close()
      await was?.database.close()
    },
  }
}

/** A service has run `libraryMigrations('messages')` there. */
const hasLog: Question<boolean> = {
  id: 'message-log',
  freshFor: 30_000,
  async answer(ask) {
    const [row] = await ask<{ there: boolean }>(
      `select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'substation_app' and c.relname = 'message') as there`,
    )
    return row?.there ?? false
  },
}

/** Declared databases that have a log, and those of which it is not known. */
export async function databasesWithLogs(
  environment: ConsoleEnvironment,
): Promise<{ name: string; unknownBecause?: string }[]> {
  const found = await Promise.all(
    environment.of(PostgresServers).servers.map(async ({ name, read }) => ({ name, has: await read(hasLog) })),
  )
  return found.flatMap(({ name, has }) =>
    has.status === 'down' ? [{ name, unknownBecause: has.reason }] : has.data ? [{ name }] : [],
  )
}

/** The log that is meant: the one that is asked for, else the first. */
export async function chosenLog(environment: ConsoleEnvironment, asked: string) {
  const databases = await databasesWithLogs(environment)
  const database = (databases.find(({ name }) => name === asked) ?? databases[0])?.name
  const log = database === undefined ? undefined : environment.of(Logs).find(database)
  return { databases, chosen: database !== undefined && log ? { database, log } : undefined }
}

/** Refuses a database that is not declared. */
export async function logOf(environment: ConsoleEnvironment, database: string): Promise<Messages> {
  const log = environment.of(Logs).find(database)
  if (log) return log.open()
  throw new RefusalError({
    code: 'not_found',
    message: `No database ${database} is declared here.`,
    fields: { database: 'not declared' },
  })
}
