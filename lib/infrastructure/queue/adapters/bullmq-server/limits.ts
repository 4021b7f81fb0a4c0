import type { Redis } from 'ioredis'
import { QueueError } from '../../port.ts'
import type { QueueLimits } from '../../server-edits.ts'
import type { QueueAddress, QueueMajor } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'
import { CHECK_MAJOR } from './step.ts'
import { WAKE } from './wake.ts'

/** A raised limit wakes a worker: those that wait at a full queue are not told otherwise. KEYS: base. ARGV: major, concurrency, max, duration, each empty for none. */
const SET_LIMITS = `
${CHECK_MAJOR}
for i, field in ipairs({ 'concurrency', 'max', 'duration' }) do
  if ARGV[i + 1] == '' then redis.call('HDEL', base .. 'meta', field) else redis.call('HSET', base .. 'meta', field, ARGV[i + 1]) end
end
${WAKE}
if redis.call('LLEN', base .. 'wait') > 0 or redis.call('ZCARD', base .. 'prioritized') > 0 then wake() end
return 0`

const setThem = script<number>(SET_LIMITS)

export async function limits(redis: Redis, queue: QueueAddress): Promise<QueueLimits> {
  const fields = await redis.hmget(`${baseOf(queue)}meta`, 'concurrency', 'max', 'duration')
  const [concurrency, max, durationMs] = fields.map(field => (/^\d+$/.test(field ?? '') ? Number(field) : undefined))
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(max === undefined || durationMs === undefined ? {} : { rate: { max, durationMs } }),
  }
}

export async function setLimits(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  { concurrency, rate }: QueueLimits,
): Promise<void> {
  if (major < 5)
    throw new QueueError(`BullMQ ${major} has no limits over all workers of a queue`, {
      code: 'QUEUE_VALUE',
      nextStep: 'Set the concurrency and the limiter of its workers instead.',
    })
  await setThem(redis, [baseOf(queue)], [major, concurrency ?? '', rate?.max ?? '', rate?.durationMs ?? ''])
}
