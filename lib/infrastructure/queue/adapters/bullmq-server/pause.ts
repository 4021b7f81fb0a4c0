import { setTimeout as rest } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { QueueAddress, QueueMajor, QueueServer } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'
import { WAKE } from './wake.ts'

/** Jobs moved in one step between the two lists, when one list cannot be renamed. */
const PIECE = 1_000

/**
 * 6 leaves jobs in `wait`. 4 and 5 rename `wait` to `paused`, which would lose what another major left there: that is
 * moved first, behind the newer jobs, so that the order stays. ARGV: major. Answers the number left to move, or -1 if paused already, or 0.
 */
const PAUSE = `
local base, major = KEYS[1], tonumber(ARGV[1])
if redis.call('HEXISTS', base .. 'meta', 'paused') == 1 then return -1 end
if major < 6 and redis.call('EXISTS', base .. 'wait') == 1 then
  if redis.call('EXISTS', base .. 'paused') == 1 then
    local left = redis.call('LRANGE', base .. 'paused', 0, ${PIECE - 1})
    redis.call('RPUSH', base .. 'wait', unpack(left))
    redis.call('LTRIM', base .. 'paused', #left, -1)
    local length = redis.call('LLEN', base .. 'paused')
    if length > 0 then return length end
  end
  redis.call('RENAME', base .. 'wait', base .. 'paused')
end
redis.call('HSET', base .. 'meta', 'paused', 1)
if major > 4 then redis.call('DEL', base .. 'marker') end
redis.call('XADD', base .. 'events', '*', 'event', 'paused')
return 0`

/**
 * For every major: from now on new jobs go to the head of `wait`, and those of the paused list, which are older, go behind
 * its tail, piece by piece; only if there is no `wait` it is renamed. ARGV: major. Answers the number left to move and whether it was paused.
 */
const RESUME = `
local base, major = KEYS[1], tonumber(ARGV[1])
local was = redis.call('HDEL', base .. 'meta', 'paused')
${WAKE}
local left = 0
if redis.call('EXISTS', base .. 'paused') == 1 then
  if redis.call('EXISTS', base .. 'wait') == 0 then
    redis.call('RENAME', base .. 'paused', base .. 'wait')
  else
    local jobs = redis.call('LRANGE', base .. 'paused', 0, ${PIECE - 1})
    redis.call('RPUSH', base .. 'wait', unpack(jobs))
    redis.call('LTRIM', base .. 'paused', #jobs, -1)
    left = redis.call('LLEN', base .. 'paused')
  end
end
if redis.call('LLEN', base .. 'wait') > 0 or redis.call('ZCARD', base .. 'prioritized') > 0 then
  if major == 4 and redis.call('LLEN', base .. 'wait') == 0 then redis.call('LPUSH', base .. 'wait', '0:0') end
  wake()
else
  wakeForDelayed()
end
if was == 1 then redis.call('XADD', base .. 'events', '*', 'event', 'resumed') end
return { left, was }`

const pauseStep = script<number>(PAUSE)
const resumeStep = script<[number, number]>(RESUME)

/** All jobs stay. True when it was not paused before. */
export async function pause(redis: Redis, queue: QueueAddress, major: QueueMajor): Promise<boolean> {
  let left = await pauseStep(redis, [baseOf(queue)], [major])
  while (left > 0) {
    await rest(1)
    left = await pauseStep(redis, [baseOf(queue)], [major])
  }
  return left === 0
}

/** Until the paused list is empty. True when it was paused before. */
export async function resume(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  { signal }: Parameters<QueueServer['resume']>[1] = {},
): Promise<boolean> {
  let [left, was] = await resumeStep(redis, [baseOf(queue)], [major])
  const wasPaused = was === 1
  while (left > 0) {
    signal?.throwIfAborted()
    await rest(1)
    ;[left] = await resumeStep(redis, [baseOf(queue)], [major])
  }
  return wasPaused
}
