import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../core/ids.ts'
import { testCluster } from '../testing/redis-cluster.ts'
import { createKeyValue } from './index.ts'
import { kvContract } from './kv.contract.ts'

const cluster = testCluster()

kvContract('a Redis Cluster', async () => {
  const store = await createKeyValue({ namespace: newId(), maxValueBytes: 10_000 }, { redis: cluster.client() })
  return { store, pass: ms => sleep(ms), close: () => store.close() }
})
