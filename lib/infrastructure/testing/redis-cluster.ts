import { Cluster } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'
import { startRedisCluster, type TestRedisCluster } from './servers.ts'

/** A Redis Cluster for the tests of one file, and a client of it. */
export function testCluster(): { client(): Cluster } {
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
  return { client: () => cluster }
}
