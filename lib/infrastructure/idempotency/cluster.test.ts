import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../core/ids.ts'
import { redisAccess } from '../kv/index.ts'
import { testCluster } from '../testing/redis-cluster.ts'
import { redisRecords } from './adapters/redis.ts'
import { idempotencyContract } from './idempotency.contract.ts'
import { createIdempotency } from './index.ts'

const cluster = testCluster()

idempotencyContract('a Redis Cluster', async () => {
  const config = { namespace: newId(), maxResultBytes: 1_000 }
  const store = redisRecords(await redisAccess({ redis: cluster.client() }, 5_000), config.namespace)
  const open = () => createIdempotency(config, { redis: cluster.client() })
  const [runs, other] = await Promise.all([open(), open()])
  return {
    runs,
    other,
    async crash(key, { leaseMs, onCrash, fingerprint }) {
      const retry = onCrash === 'retry'
      await store.claim(key, {
        owner: newId(),
        leaseMs,
        retry,
        ...(fingerprint ? { fingerprint } : {}),
        ...(retry ? { keepMs: 60_000 } : {}),
      })
    },
    pass: ms => sleep(ms),
    async close() {
      await Promise.all([runs.close(), other.close()])
    },
  }
})
