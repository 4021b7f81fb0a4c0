import { type StatementReading, statementsQuestion } from '../../../../infrastructure/insight/index.ts'
import { defineResource } from '../../../platform/environment/resource.ts'
import type { Part } from '../../../platform/part/part.ts'
import type { SampleSource } from '../../../platform/samples.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { statementSource } from './sampled.ts'
import { type StatementText, statementTexts } from './texts.ts'

export interface StatementReader {
  readonly database: string
  readonly server: PostgresServer
  /** Counts that are at most a minute old. */
  read(): Promise<Part<StatementReading>>
  texts(queries: readonly string[]): Promise<ReadonlyMap<string, StatementText>>
}

export interface StatementReaders {
  readonly readers: readonly StatementReader[]
  readonly source: SampleSource
  find(database: string): StatementReader | undefined
}

/** The statements of every declared database. */
export const Statements = defineResource<StatementReaders>('database-statements', ({ of }) => {
  const servers = of(PostgresServers)
  const readers = servers.servers.map((server): StatementReader => {
    const texts = statementTexts(server)
    return {
      database: server.name,
      server,
      read: () => server.read(statementsQuestion),
      texts: texts.read,
    }
  })
  return {
    value: {
      readers,
      source: statementSource(servers),
      find: database => readers.find(reader => reader.database === database),
    },
  }
})
