import {
  createInsight,
  horizonQuestion,
  indexesQuestion,
  type Question,
  sequencesQuestion,
  sizesQuestion,
  statementsQuestion,
  tablesQuestion,
} from '../../lib/infrastructure/insight/index.ts'
import type { Bench, Contender } from '../harness/definition.ts'
import { benchPostgres } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { cpuSecondsOf } from './backend-cpu.ts'
import { measuringCost } from './measuring-cost.ts'
import { seedDatabase } from './seed.ts'

const TABLES = 5_000
const STATEMENTS = 5_000
const PAGE_MS = 500
/** What is asked while nobody looks, and how often (ms): by the sampler, and by what judges whether something needs attention. */
const AT_REST: readonly (readonly [Question<unknown>, number])[] = [
  [statementsQuestion, 60_000],
  [sizesQuestion, 600_000],
  [indexesQuestion, 300_000],
  [tablesQuestion, 300_000],
  [sequencesQuestion, 300_000],
  [horizonQuestion, 300_000],
]
/** Processor time is counted in hundredths of a second: one answer alone is too short to measure. */
const TIMES = 20

export default {
  summary: `the pages of tables and queries of a Postgres with ${TABLES.toLocaleString('en')} tables and as many statements, and what watching it costs it`,
  unit: 'ms',
  async prepare({ say, closing }) {
    const server = await benchPostgres()
    closing(server.stop)
    const databaseUrl = await server.database('bench')
    say(`making ${TABLES} tables and ${STATEMENTS} statements`)
    await seedDatabase(databaseUrl, { tables: TABLES, statements: STATEMENTS })
    const contender = (program: URL): Contender => ({ program, before: async () => ({ databaseUrl }) })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: { 'one-by-one': contender(new URL('./one-by-one.ts', import.meta.url)) },
      async conclude({ ours, peers }) {
        const cpu = await atRest()
        const measuring = await measuringCost(databaseUrl)
        const figure = (name: string) => spreadOf(ours.map(run => run.extra?.[name] ?? Number.NaN)).median
        return {
          checks: [
            { what: 'the page of tables, first visitor, ms', limit: PAGE_MS, measured: figure('tablesFirst') },
            { what: 'the page of queries, first visitor, ms', limit: PAGE_MS, measured: figure('queriesFirst') },
            { what: 'watching at rest, % of a core of Postgres', limit: 1, measured: cpu.all ?? Number.NaN },
            { what: 'measuring the statements of a service, % of a trivial select', limit: 3, measured: measuring },
          ],
          extra: { cpuPercent: cpu, ours: spreadsOf(ours), 'one-by-one': spreadsOf(peers['one-by-one'] ?? []) },
        }
      },
    }

    /** The share of a core that each question takes at its pace. */
    async function atRest(): Promise<Record<string, number>> {
      const insight = createInsight({ name: 'bench', url: databaseUrl, application: 'bench' })
      const shares: Record<string, number> = {}
      for (const [question, every] of AT_REST) {
        await insight.ask(question)
        const before = cpuSecondsOf(server.pid)
        for (let time = 0; time < TIMES; time++) await insight.ask(question)
        shares[question.id] = ((cpuSecondsOf(server.pid) - before) / TIMES / (every / 1_000)) * 100
      }
      await insight.close()
      return { ...shares, all: Object.values(shares).reduce((sum, share) => sum + share, 0) }
    }
  },
} satisfies Bench
