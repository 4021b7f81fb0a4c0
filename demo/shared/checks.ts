import type { Database } from 'substation/database'
import { databaseCheck, diskCheck, eventLoopCheck, type Health, memoryCheck, redisCheck } from 'substation/health'

interface Checked {
  database: Database
  redis: { ping(): Promise<unknown> }
  /** Whether the service is of no use without Redis. */
  needsRedis: boolean
}

/** The checks that every service of the demo has. */
export function registerChecks(health: Health, { database, redis, needsRedis }: Checked): void {
  health.register(
    databaseCheck({
      name: 'orders-db',
      ping: signal => database.ping(signal),
      owner: 'data team',
      runbook: 'demo/runbooks/orders-db.md',
    }),
  )
  health.register(
    redisCheck({
      ping: () => redis.ping().catch(notAnswering),
      critical: needsRedis,
      owner: 'platform team',
      runbook: 'demo/runbooks/redis.md',
    }),
  )
  for (const check of [memoryCheck, eventLoopCheck]) health.register(check({ owner: 'platform team' }))
  health.register(diskCheck({ path: process.cwd(), owner: 'platform team' }))
}

/** ioredis says it in several ways, depending on the moment; the message of a check should not change with them. */
function notAnswering(cause: unknown): never {
  throw new Error('Redis does not answer', { cause })
}
