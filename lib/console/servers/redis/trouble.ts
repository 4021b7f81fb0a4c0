import type { Band } from '../../platform/attention/item.ts'
import type { RedisReading, RedisTrouble } from './port.ts'

/** The share of a limit from which it counts as near. */
const NEAR = 0.9

/** The problems that a reading shows, the most severe first. What the account may not ask for is not judged. */
export function redisTroubles(reading: Omit<RedisReading, 'troubles'>): RedisTrouble[] {
  const { memory, clients, persistence, replication } = reading
  const { used, limit = 0, policy } = memory
  const troubles: RedisTrouble[] = []
  const add = (kind: RedisTrouble['kind'], band: Band, text: string, detail: string) =>
    troubles.push({ kind, band, text, detail })
  const share = used === undefined || limit === 0 ? undefined : used / limit
  const filled = `${megabytes(used ?? 0)} of ${megabytes(limit)} used`
  if (share !== undefined && share >= 1 && policy === 'noeviction')
    add(
      'refuses-writes',
      'outage',
      'refuses writes: its memory is full',
      `${filled}. Nothing can be stored in it until keys are removed or maxmemory is raised.`,
    )
  else if (share !== undefined && share > NEAR)
    add(
      'memory',
      'degraded',
      `is ${Math.floor(100 * share)} % full`,
      `${filled}. ${policy === 'noeviction' ? 'Once it is full it refuses writes.' : `It evicts keys (${policy ?? 'unknown policy'}).`}`,
    )
  if (persistence.loading)
    add('loading', 'outage', 'is loading its data', 'It answers once it has read its data from disk.')
  if (persistence.aof?.enabled && persistence.aof.failed)
    add(
      'append-only-file',
      'failing',
      'cannot write its append-only file',
      'What is written now is lost if it restarts; Redis refuses writes until it can. Check its disk.',
    )
  if (persistence.rdb?.failed)
    add(
      'save',
      'degraded',
      'failed to save its data',
      'The last background save failed. With stop-writes-on-bgsave-error, the default, Redis refuses writes. Check its disk and memory.',
    )
  if (replication.primary && !replication.primary.up)
    add(
      'replication',
      'degraded',
      'has lost its primary',
      `It follows ${replication.primary.address} and cannot reach it, so its data is out of date.`,
    )
  const { connected, limit: most } = clients
  if (connected !== undefined && most !== undefined && connected > NEAR * most)
    add(
      'connections',
      'degraded',
      `has ${connected.toLocaleString('en')} of ${most.toLocaleString('en')} connections in use`,
      'At the limit it refuses new ones, the console’s among them.',
    )
  return troubles
}

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`
