import { AsyncLocalStorage } from 'node:async_hooks'
import { messageOf } from '../../../core/errors.ts'
import type { NamedDatabaseConfig } from '../config.ts'
import { databasePlace } from '../place.ts'
import type { ReplicaReport } from '../port.ts'
import { drizzleOn } from './drizzle.ts'
import { openPool } from './pool.ts'
import { translated } from './postgres-error.ts'

const MAX_LAG_MS = 10_000
/** How often a replica is asked how far it is, while reads go there, and after how long without reads no more (ms). */
const ASK_EVERY_MS = 1_000
const READ_FOR_MS = 30_000

type Pool = ReturnType<typeof openPool>

/** What `consistent` keeps: what has to be replayed before a replica may be read. */
interface Consistency {
  /** Uses of the primary so far. */
  uses: number
  /** Replicas that have replayed so many of them. */
  replayed: Map<Replica, number>
  asking: Promise<unknown> | undefined
}

interface Replica {
  pool: Pool
  address: string
  state: ReplicaReport['state']
  lagMs?: number
  why?: string
}

/** The replicas of a database, how far each is, and which of them a read may use. */
export function replicasOf(config: NamedDatabaseConfig, comment?: () => string) {
  const storage = new AsyncLocalStorage<Consistency>()
  const maxLagMs = config.maxReplicaLagMs ?? MAX_LAG_MS
  const replicas = (config.replicaUrls ?? []).map((url): Replica => {
    const pool = openPool({ ...config, url }, { comment })
    // drizzle changes how dates and JSON are read, and it knows only the primary's pool.
    drizzleOn(pool.sql, undefined)
    return { pool, address: databasePlace(url) ?? url, state: 'unknown' }
  })
  let turn = 0
  let asking: NodeJS.Timeout | undefined
  let readAt = 0

  async function ask(replica: Replica): Promise<void> {
    try {
      // Without traffic the last replayed transaction grows old although nothing is missing.
      const [row] = await replica.pool.raw`
        select pg_is_in_recovery() as standby,
          case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
            else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 end::float8 as lag`
      const lagMs = row?.lag === null ? undefined : Math.max(0, Math.round(Number(row?.lag)))
      const isLagging = row?.standby === true && (lagMs === undefined || lagMs > maxLagMs)
      Object.assign(replica, {
        state: isLagging ? 'lagging' : 'up',
        lagMs,
        why: isLagging
          ? `it is ${lagMs === undefined ? 'an unknown time' : `${lagMs} ms`} behind; at most ${maxLagMs} ms are allowed`
          : undefined,
      })
    } catch (error) {
      Object.assign(replica, { state: 'down', lagMs: undefined, why: messageOf(translated(error)) })
    }
  }

  function keepAsking() {
    readAt = performance.now()
    if (asking) return
    const askAll = () => {
      for (const replica of replicas) void ask(replica)
      if (performance.now() - readAt < READ_FOR_MS) return
      clearInterval(asking)
      asking = undefined
    }
    asking = setInterval(askAll, ASK_EVERY_MS).unref()
    askAll()
  }

  /** Which replicas have replayed all that the primary was used for within this. Nothing waits for the answer: until it is there, the primary is read. */
  function askReplayed(consistency: Consistency, primary: Pool): void {
    const { uses } = consistency
    consistency.asking ??= (async () => {
      const [row] = await primary.raw`select pg_current_wal_lsn()::text as lsn`
      await Promise.all(
        replicas.map(async replica => {
          const [answer] = await replica.pool
            .raw`select coalesce(pg_last_wal_replay_lsn() >= ${row?.lsn}::pg_lsn, not pg_is_in_recovery()) as replayed`
          if (answer?.replayed === true) consistency.replayed.set(replica, uses)
        }),
      )
    })()
      // What cannot be asked has not replayed it.
      .catch(() => undefined)
      .finally(() => {
        consistency.asking = undefined
      })
  }

  return {
    consistent: <T>(work: () => T): T => storage.run({ uses: 0, replayed: new Map(), asking: undefined }, work),
    /** What is called when a use of the primary ends that begins now. */
    endingOf() {
      const consistency = storage.getStore()
      return consistency && (() => void consistency.uses++)
    },
    /** The pool for a read: undefined means the primary. */
    choose(primary: Pool): Pool | undefined {
      if (replicas.length === 0) return undefined
      keepAsking()
      const consistency = storage.getStore()
      const isCurrent = (replica: Replica) =>
        !consistency || consistency.uses === 0 || consistency.replayed.get(replica) === consistency.uses
      const usable = replicas.filter(replica => replica.state === 'up' && isCurrent(replica))
      if (usable.length === 0 && consistency && consistency.uses > 0) askReplayed(consistency, primary)
      return usable[turn++ % usable.length]?.pool
    },
    reports: (): ReplicaReport[] =>
      replicas.map(({ pool, address, state, lagMs, why }) => {
        const { size, active, queries, errors } = pool.stats()
        return {
          ...{ address, state, size, active, queries, errors },
          ...(lagMs === undefined ? {} : { lagMs }),
          ...(why === undefined ? {} : { why }),
        }
      }),
    statements: () => replicas.flatMap(({ pool, address }) => pool.statements({ database: config.name, address })),
    async close(timeoutMs: number) {
      clearInterval(asking)
      await Promise.all(replicas.map(({ pool }) => pool.close(timeoutMs)))
    },
  }
}
