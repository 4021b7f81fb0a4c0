import { type DatabaseFigures, replicationQuestion, sizeQuestion } from '../../../infrastructure/insight/index.ts'
import type { SamplePoint, SampleSource } from '../../platform/samples.ts'
import { postgresService } from '../../series/names.ts'
import type { PostgresServer, PostgresServers } from '../../servers/postgres/servers.ts'
import { figuresOf } from './figures.ts'

export const DATABASE_SERIES = {
  connections: 'postgres_connections',
  /** Per second, committed and rolled back. */
  transactions: 'postgres_transactions',
  /** Of blocks read between two samples, 0 to 1. */
  hitRatio: 'postgres_hit_ratio',
  longestTransaction: 'postgres_longest_transaction_seconds',
  bytes: 'postgres_database_bytes',
  /** Locks that are waited for. */
  waiting: 'postgres_waiting_locks',
  /** Bytes per second. */
  writeAhead: 'postgres_write_ahead_bytes',
  /** Bytes that the follower furthest behind has not replayed. */
  behind: 'postgres_replication_behind_bytes',
} as const

/** The key figures of each database. One that does not answer leaves a gap. */
export function databaseSource({ servers }: PostgresServers): SampleSource {
  const before = new Map<string, DatabaseFigures>()
  return {
    name: 'databases',
    async sample() {
      const points = await Promise.all(
        servers.map(async server => {
          const last = before.get(server.name)
          before.delete(server.name)
          const figures = await figuresOf(server)
          if (figures.status !== 'up') return []
          before.set(server.name, figures.data)
          return [...pointsOf(figures.data, last), ...(await otherPoints(server))].map(point => ({
            service: postgresService(server.name),
            ...point,
          }))
        }),
      )
      return points.flat()
    },
  }
}

type Point = Omit<SamplePoint, 'service'>

function pointsOf(now: DatabaseFigures, last: DatabaseFigures | undefined): Point[] {
  const ratio = last && hitRatioBetween(last, now)
  return [
    { series: DATABASE_SERIES.connections, value: now.connections },
    { series: DATABASE_SERIES.transactions, value: now.transactions, kind: 'counter' },
    { series: DATABASE_SERIES.longestTransaction, value: (now.longestTransactionMs ?? 0) / 1_000, kind: 'worst' },
    { series: DATABASE_SERIES.waiting, value: now.waiting },
    ...(ratio === undefined ? [] : [{ series: DATABASE_SERIES.hitRatio, value: ratio }]),
    ...(now.writeAheadBytes === undefined
      ? []
      : [{ series: DATABASE_SERIES.writeAhead, value: now.writeAheadBytes, kind: 'counter' as const }]),
  ]
}

/** Undefined where nothing was read, or the counts began again. */
export function hitRatioBetween(
  last: Pick<DatabaseFigures, 'blocksHit' | 'blocksRead'>,
  now: Pick<DatabaseFigures, 'blocksHit' | 'blocksRead'>,
): number | undefined {
  const hit = now.blocksHit - last.blocksHit
  const read = now.blocksRead - last.blocksRead
  return hit < 0 || read < 0 || hit + read === 0 ? undefined : hit / (hit + read)
}

async function otherPoints(server: PostgresServer): Promise<Point[]> {
  const [size, replication] = await Promise.all([server.read(sizeQuestion), server.read(replicationQuestion)])
  const behind =
    replication.status === 'up'
      ? [replication.data.standby, ...replication.data.followers].flatMap(one => one?.behindBytes ?? [])
      : []
  return [
    ...(size.status === 'up' ? [{ series: DATABASE_SERIES.bytes, value: size.data.database }] : []),
    ...(behind.length > 0
      ? [{ series: DATABASE_SERIES.behind, value: Math.max(...behind), kind: 'worst' as const }]
      : []),
  ]
}
