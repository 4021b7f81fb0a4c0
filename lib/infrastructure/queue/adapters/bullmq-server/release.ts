import type { Redis } from 'ioredis'
import type { JobFilter, JobStep, QueueAddress, QueueMajor } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { matchBy, toArgument } from './match.ts'
import { script } from './script.ts'
import { ATTEMPTS, ATTEMPTS_OF, SINCE } from './since.ts'
import { onChosen, REMEMBERED, STEP, type StepAnswer, toStep } from './step.ts'
import { WAKE } from './wake.ts'
import { WHY_NOT_RELEASED } from './why-not.ts'

/** Jobs in one step; and active jobs examined in one, which are as many as all workers process at a time. */
const PIECE = 40
const EXAMINED = 200

/**
 * Releases one active job that has no lock: first in the line of those that wait, as BullMQ does with stalled jobs, but without counting it
 * as stalled. Answers nothing when it was released, otherwise why not.
 */
const RELEASE_ONE = `
${STEP}
${WAKE}
${WHY_NOT_RELEASED}
${ATTEMPTS_OF}
mustBe('active', 'list')
local active, now = base .. 'active', ARGV[3]
local moved, refused = {}, {}
local function refuse(id, why) refused[#refused + 1] = id refused[#refused + 1] = why end
local function release(id)
  local why = whyNotReleased(id)
  if why then return why end
  -- First the commands that a Redis out of memory refuses, before anything is moved.
  local attempts = attemptsOf(redis.call('HMGET', base .. id, ${ATTEMPTS}), 1)
  -- BullMQ 4 counts an attempt when it begins; the one that was lost does not count.
  if major == 4 and attempts > 0 then
    attempts = attempts - 1
    redis.call('HSET', base .. id, 'attemptsMade', attempts)
  end
  redis.call('HSET', base .. id, '${SINCE}', now .. ':' .. attempts)
  redis.call('LREM', active, -1, id)
  redis.call('SREM', base .. 'stalled', id)
  push(id, true, 0)
  emit('event', 'waiting', 'jobId', id, 'prev', 'active')
  moved[#moved + 1] = id
end
local function answer(looked, over)
  local done = tonumber(redis.call('HGET', state, 'done')) or 0
  if #moved > 0 then
    done = redis.call('HINCRBY', state, 'done', #moved)
    isFull = meta[2] and major > 4 and redis.call('LLEN', active) >= tonumber(meta[2])
    wake()
  end
  redis.call('EXPIRE', state, ARGV[4])
  return { #moved, done, looked, over, refused }
end
`

/** The next piece of all that match. ARGV: major, run, now (ms), seconds that the run is kept, most to examine, the filter. The run's hash keeps how many were left as they are. */
const RELEASE_NEXT = `
${RELEASE_ONE}
${matchBy(6)}
local most, left = tonumber(ARGV[5]), tonumber(redis.call('HGET', state, 'left')) or 0
local list = redis.call('LRANGE', active, -(left + most), -(left + 1))
for i = #list, 1, -1 do
  local id = list[i]
  local fields = filtered and redis.pcall('HMGET', base .. id, 'name', 'failedReason')
  local why
  if not fields or (not fields.err and fits(id, fields[1], fields[2])) then why = release(id) else why = '' end
  if why then left = left + 1 end
  -- Most are being worked on, which is not worth a line each.
  if why and why ~= '' and redis.call('EXISTS', base .. id .. ':lock') == 0 then refuse(id, why) end
end
redis.call('HSET', state, 'left', left)
return answer(#list, #list < most and 1 or 0)`

/** Chosen ones. ARGV: major, run, now, seconds, then the ids; those that the run has released already count as done. */
const RELEASE_CHOSEN = `
${RELEASE_ONE}
for i = 5, #ARGV do
  local id = ARGV[i]
  if redis.call('HEXISTS', state, 'job:' .. id) == 0 then
    local why = not redis.call('LPOS', active, id) and 'it is no longer active' or release(id)
    if why then refuse(id, why) else redis.call('HSET', state, 'job:' .. id, 1) end
  end
end
return answer(#ARGV - 4, 1)`

const next = script<StepAnswer>(RELEASE_NEXT)
export const releaseChosen = onChosen(RELEASE_CHOSEN, PIECE)

export async function releaseNext(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  run: string,
  filter: JobFilter,
): Promise<JobStep> {
  const args = [major, run, Date.now(), REMEMBERED, EXAMINED, toArgument(filter)]
  return toStep(await next(redis, [baseOf(queue)], args))
}
