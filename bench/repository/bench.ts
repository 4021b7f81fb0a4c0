import type { Bench, Contender, Measurement } from '../harness/definition.ts'
import { benchPostgres } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { emptyTable, ROWS } from './work.ts'

const medianOf = (runs: readonly Measurement[], figure: string) =>
  spreadOf(runs.map(({ value, extra = {} }) => (figure === 'readUs' ? value : (extra[figure] ?? Number.NaN)))).median

export default {
  summary: `reads by id, transactions, and ${ROWS.toLocaleString('en')} rows written through a repository, beside bare Drizzle and postgres.js`,
  unit: 'µs/read',
  async prepare({ closing }) {
    const server = await benchPostgres()
    closing(server.stop)
    const contender = (program: URL): Contender => ({
      program,
      async before() {
        await emptyTable(server.url)
        return { databaseUrl: server.url }
      },
    })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: { bare: contender(new URL('./bare.ts', import.meta.url)) },
      async conclude({ ours, peers }) {
        const bare = peers.bare ?? []
        const check = (what: string, limit: number, figure: string) => ({
          what,
          limit,
          measured: medianOf(ours, figure) / medianOf(bare, figure),
        })
        return {
          checks: [
            check('a read by id, times that of bare Drizzle', 1.15, 'readUs'),
            check('a transaction of two statements, times that of bare postgres.js', 1.05, 'transactionUs'),
            check(`${ROWS.toLocaleString('en')} rows, times the chunks of bare postgres.js`, 1.3, 'insertMs'),
          ],
          extra: { ours: spreadsOf(ours), bare: spreadsOf(bare) },
        }
      },
    }
  },
} satisfies Bench
