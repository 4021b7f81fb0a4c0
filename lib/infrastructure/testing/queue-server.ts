import { Redis } from 'ioredis'
import { afterAll, beforeEach, onTestFinished } from 'vitest'
import { newId } from '../../core/ids.ts'
import { openQueueServer, type QueueAddress, type QueueMajor } from '../queue/index.ts'
import { type QueueProgram, startQueueProgram } from './bullmq-program.ts'
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

/** A queue of its own for each test of a file, with a foreign program on it once the test starts it. */
export function testForeignQueue() {
  const own = {
    ...testQueueServer(),
    ...newQueue(),
    async start(major: QueueMajor): Promise<QueueProgram> {
      const program = await startQueueProgram(major, { url: redisUrl(), ...own.queue })
      onTestFinished(() => program.close())
      return program
    },
  }
  beforeEach(() => void Object.assign(own, newQueue()))
  return own
}
