import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'

export const PREFIX = 'bench'
export const NAME = 'letters'
const BASE = `${PREFIX}:${NAME}:`

/** Dead letters with the fields that a worker of BullMQ 6 leaves, written in pieces. ARGV: from, until. */
const BURY = `
local stack = cjson.encode({ 'Error: mailbox full\\n    at send (/app/mail.js:12:9)\\n    at process (/app/worker.js:40:3)' })
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  redis.call('HSET', KEYS[1] .. i, 'name', 'receipt', 'data', '{"order":"order-' .. i .. '","mailbox":"m' .. i .. '@example.test"}',
    'opts', '{"attempts":3,"backoff":{"type":"exponential","delay":1000}}', 'timestamp', 1760000000000 + i, 'delay', 0, 'priority', 0,
    'atm', 3, 'ats', 3, 'processedOn', 1760000100000 + i, 'finishedOn', 1760000100100 + i, 'failedReason', 'mailbox full', 'stacktrace', stack)
  redis.call('ZADD', KEYS[1] .. 'failed', 1760000100100 + i, i)
end`

/** An empty Redis with one queue of so many dead letters. */
export async function bury(redis: Redis, count: number): Promise<void> {
  await redis.flushall()
  const queue = new Queue(NAME, { connection: redis, prefix: PREFIX })
  await queue.add('first', {})
  await queue.drain()
  await queue.close()
  for (let from = 1; from <= count; from += 1_000) await redis.eval(BURY, 1, BASE, from, Math.min(count, from + 999))
}

/** Every one of them waits again; throws otherwise. */
export async function checkReplayed(redis: Redis, count: number): Promise<void> {
  const [waiting, failed] = await Promise.all([redis.llen(`${BASE}wait`), redis.zcard(`${BASE}failed`)])
  if (waiting !== count || failed !== 0)
    throw new Error(`${waiting} wait and ${failed} are still dead letters, of ${count}`)
}
