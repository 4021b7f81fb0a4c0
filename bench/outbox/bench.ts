import { Redis } from 'ioredis'
import { newId } from '../../lib/core/ids.ts'
import { createMigrations, libraryMigrations } from '../../lib/infrastructure/migrations/index.ts'
import type { Bench, Contender } from '../harness/definition.ts'
import { benchPostgres, benchRedis } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { COUNT, fillOutbox } from './events.ts'

/** What the relay must send at least, on two cores (events a second). */
const LEAST = 3_000

export default {
  summary: `${COUNT.toLocaleString('en')} events relayed from an outbox in Postgres to a queue, beside a loop written by hand`,
  unit: `s/${COUNT.toLocaleString('en')}`,
  async prepare({ say, closing }) {
    const [redisServer, postgresServer] = await Promise.all([benchRedis(), benchPostgres()])
    closing(redisServer.stop)
    closing(postgresServer.stop)
    const migrations = await createMigrations({ url: postgresServer.url, source: libraryMigrations('events') })
    await migrations.up({ by: 'bench', createJournal: true })
    await migrations.close()
    const redis = new Redis(redisServer.url)
    closing(() => redis.disconnect())
    const contender = (program: URL): Contender => ({
      program,
      async before() {
        say('filling the outbox')
        await redis.flushall()
        await fillOutbox(postgresServer.url)
        return { redisUrl: redisServer.url, databaseUrl: postgresServer.url, prefix: `bench-${newId()}` }
      },
    })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: { 'by-hand': contender(new URL('./by-hand.ts', import.meta.url)) },
      async conclude({ ours, peers }) {
        const seconds = spreadOf(ours.map(run => run.value)).median
        return {
          checks: [
            {
              what: `seconds for ${COUNT.toLocaleString('en')} events, at ${LEAST.toLocaleString('en')} a second`,
              limit: COUNT / LEAST,
              measured: seconds,
            },
          ],
          extra: { ours: spreadsOf(ours), 'by-hand': spreadsOf(peers['by-hand'] ?? []) },
        }
      },
    }
  },
} satisfies Bench
