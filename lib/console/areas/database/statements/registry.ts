import { statementsQuestion } from '../../../../infrastructure/insight/index.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { defineResource } from '../../../platform/environment/resource.ts'
import type { SampleSource } from '../../../platform/samples.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { statementMatcher } from './match.ts'
import { measuredSource } from './measured-source.ts'
import { planSource } from './plan-source.ts'
import type { StatementReader } from './reader.ts'
import { statementSource } from './sampled.ts'
import { statementTexts } from './texts.ts'

export interface StatementReaders {
  readonly readers: readonly StatementReader[]
  readonly sources: readonly SampleSource[]
  find(database: string): StatementReader | undefined
}

/** The statements of every declared database. */
export const Statements = defineResource<StatementReaders>('database-statements', ({ of }) => {
  const servers = of(PostgresServers)
  const { match } = statementMatcher()
  const readers = servers.servers.map((server): StatementReader => {
    const texts = statementTexts(server)
    return {
      database: server.name,
      server,
      read: () => server.read(statementsQuestion),
      texts: texts.read,
      match,
    }
  })
  return {
    value: {
      readers,
      sources: [statementSource(servers), planSource(() => readers), measuredSource(readers, of(Fleet))],
      find: database => readers.find(reader => reader.database === database),
    },
  }
})
