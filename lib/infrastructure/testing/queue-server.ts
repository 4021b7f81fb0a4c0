import { Redis } from 'ioredis'
import { afterAll } from 'vitest'
import { newId } from '../../core/ids.ts'
import { openQueueServer, type QueueAddress } from '../queue/index.ts'
import { redisUrl } from './servers.ts'

/** The queues of the Redis that all tests of a run share, for the tests of one file. */
export function testQueueServer() {
  const redis = new Redis(redisUrl())
  afterAll(() => redis.disconnect())
  return { redis, server: openQueueServer(redis) }
}

/** A queue `mail` that nobody else has, and the beginning of its keys. */
export function newQueue(): { queue: QueueAddress; base: string } {
  const queue = { prefix: `t-${newId()}`, name: 'mail' }
  return { queue, base: `${queue.prefix}:${queue.name}:` }
}
