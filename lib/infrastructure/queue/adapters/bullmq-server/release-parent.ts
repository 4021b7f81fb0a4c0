import type { Redis } from 'ioredis'
import { newId } from '../../../../core/ids.ts'
import type { QueueAddress, QueueMajor } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'
import { ATTEMPTS, ATTEMPTS_OF, SINCE } from './since.ts'
import { STEP } from './step.ts'
import { WAKE } from './wake.ts'

/**
 * A parent stops waiting for one child, by the steps of BullMQ's removeChildDependency and moveParentToWait. KEYS: the base of the
 * parent's queue. ARGV: major, a run (unused), now (ms), the parent's id, the child's key. Answers 1, or 0 when it did not wait for it.
 */
const RELEASE_PARENT = `
${STEP}
${WAKE}
${ATTEMPTS_OF}
mustBe('waiting-children', 'zset')
local now, id, child = tonumber(ARGV[3]), ARGV[4], ARGV[5]
local job, waiting = base .. id, base .. 'waiting-children'
if redis.call('SISMEMBER', job .. ':dependencies', child) == 0 then return 0 end
local fields = redis.call('HMGET', job, 'priority', 'delay', ${ATTEMPTS})
local delay = tonumber(fields[2]) or 0
-- First the command that a Redis out of memory refuses, before anything is moved.
redis.call('HSET', job, '${SINCE}', string.format('%.0f', now + delay) .. ':' .. attemptsOf(fields, 3))
redis.call('SREM', job .. ':dependencies', child)
if redis.pcall('HGET', child, 'parentKey') == job then redis.call('HDEL', child, 'parentKey', 'parent') end
if redis.call('SCARD', job .. ':dependencies') > 0 or redis.call('ZREM', waiting, id) == 0 then return 1 end
if delay > 0 then
  local at = now + delay
  redis.call('ZADD', base .. 'delayed', string.format('%.0f', at * 4096), id)
  emit('event', 'delayed', 'jobId', id, 'delay', string.format('%.0f', at))
  wakeForDelayed()
else
  push(id, true, tonumber(fields[1]) or 0)
  emit('event', 'waiting', 'jobId', id, 'prev', 'waiting-children')
  wake()
end
return 1`

const release = script<number>(RELEASE_PARENT)

/** False when the parent did not wait for that child. */
export async function releaseParent(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  parent: string,
  child: string,
): Promise<boolean> {
  return (await release(redis, [baseOf(queue)], [major, newId(), Date.now(), parent, child])) === 1
}
