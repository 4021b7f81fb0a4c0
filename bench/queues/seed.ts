import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'

/** Queues under a prefix of their own, by real BullMQ: some jobs wait, some are delayed, some have a priority. */
export async function seedQueues(redis: Redis, prefix: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, at) => `queue-${at}`)
  for (const name of names) {
    const queue = new Queue(name, { connection: redis, prefix })
    await queue.addBulk(
      Array.from({ length: 12 }, (_, at) => ({
        name: 'job',
        data: { order: at },
        opts: at < 6 ? {} : at < 9 ? { delay: 3_600_000 } : { priority: at },
      })),
    )
    await queue.close()
  }
  return names
}
