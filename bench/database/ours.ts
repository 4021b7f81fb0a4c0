import { statementTexts } from '../../lib/console/areas/database/statements/texts.ts'
import { statementTotals } from '../../lib/console/areas/database/statements/totals.ts'
import { readTables, tableEntries } from '../../lib/console/areas/database/tables/entries.ts'
import { outages } from '../../lib/console/platform/part/outages.ts'
import { postgresServers } from '../../lib/console/servers/postgres/servers.ts'
import { statementsQuestion } from '../../lib/infrastructure/insight/index.ts'
import { measure } from '../harness/program.ts'

/** What the pages of tables and of queries read, in a console that has read nothing yet; the figure is the slower of the two. */
measure<{ databaseUrl: string }>(async ({ databaseUrl }) => {
  const servers = postgresServers([{ name: 'bench', url: databaseUrl }], outages())
  const [server] = servers.servers
  if (!server) throw new Error('no server')
  const tables = async () => {
    const began = performance.now()
    const readings = await readTables(server)
    if (readings.tables.status !== 'up') throw new Error(readings.tables.status)
    const entries = tableEntries(readings.tables.data, readings)
    return { ms: performance.now() - began, entries }
  }
  const texts = statementTexts(server)
  const statements = async () => {
    const began = performance.now()
    const part = await server.read(statementsQuestion)
    if (part.status !== 'up' || !part.data.available) throw new Error('no statements')
    const totals = statementTotals(part.data.snapshot)
    const known = await texts.read(totals.map(({ query }) => query))
    return { ms: performance.now() - began, count: totals.filter(({ query }) => known.has(query)).length }
  }
  // A console connects long before anyone looks.
  await server.ask({ id: 'warm', freshFor: 0, answer: ask => ask('select 1') })
  const first = { tables: await tables(), statements: await statements() }
  const again = { tables: await tables(), statements: await statements() }
  const { entries } = again.tables
  await servers.close()
  return {
    value: Math.max(first.tables.ms, first.statements.ms),
    extra: {
      tablesFirst: first.tables.ms,
      tablesAgain: again.tables.ms,
      queriesFirst: first.statements.ms,
      queriesAgain: again.statements.ms,
      tables: entries.length,
      statements: first.statements.count,
    },
  }
})
