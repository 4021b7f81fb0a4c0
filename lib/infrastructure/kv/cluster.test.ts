import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'
import { newId } from '../../core/ids.ts'
import { startRedisCluster, type TestRedisCluster } from '../testing/servers.ts'
import { createKeyValue } from './index.ts'
import { kvContract } from './kv.contract.ts'

let servers: TestRedisCluster
let cluster: Cluster
beforeAll(async () => {
  servers = await startRedisCluster()
  cluster = new Cluster(servers.urls)
})
afterAll(async () => {
  cluster.disconnect()
  await servers.close()
})

kvContract('a Redis Cluster', async () => {
  const store = await createKeyValue({ namespace: newId(), maxValueBytes: 10_000 }, { redis: cluster })
  return { store, pass: ms => sleep(ms), close: () => store.close() }
})
