import type { Outages } from '../../platform/part/outages.ts'
import type { ResolvedDatabase } from '../../platform/settings/port.ts'
import type { RedisServer } from '../redis/servers.ts'
import type { Target, TargetProbe } from './port.ts'
import { postgresTarget } from './postgres.ts'
import { redisTarget } from './redis.ts'

/** How long one probe serves all viewers (ms). */
const FRESH_FOR = 5_000

/** Probes every watched server of an environment, each on its own: one that is down does not hold up the others. */
export function targetProbe(
  redis: readonly RedisServer[],
  databases: readonly ResolvedDatabase[],
  outages: Outages,
): TargetProbe {
  const targets = [
    ...redis.map(server => redisTarget(server, outages)),
    ...databases.map(database => postgresTarget(database, outages)),
  ]
  let known: { at: number; reading: Promise<Target[]> } | undefined
  return {
    ping: () => Promise.all(targets.map(target => target.ping())),
    read() {
      if (!known || performance.now() - known.at > FRESH_FOR)
        known = { at: performance.now(), reading: Promise.all(targets.map(target => target.read())) }
      return known.reading
    },
    async close() {
      await Promise.all(targets.map(target => target.close()))
    },
  }
}
