import { CANCELS } from '../bullmq-scripts.ts'
import { matchBy } from './match.ts'
import { SINCE } from './since.ts'
import { STEP } from './step.ts'
import { WAKE } from './wake.ts'
import { WHY_NOT_REPLAYED } from './why-not.ts'

/** Field of a job's hash for the run that replayed it: BullMQ ignores fields that it does not know. */
export const MARKER = 'substation:run'

/** The fields read of a job before it is replayed, in this order. */
const FIELDS = ['opts', 'priority', 'parentKey', 'rjk', MARKER, 'delay']
export const READ_FOR_REPLAY = FIELDS.map(field => `'${field}'`).join(', ')

/**
 * Replays one dead letter as it was added, with its data, priority, delay and order, and all its attempts. The steps are those of
 * BullMQ's reprocessJob and addDelayedJob. Answers nothing when it was moved, otherwise why not.
 */
export const REPLAY_ONE = `
${WHY_NOT_REPLAYED}
-- Its fields: ${READ_FOR_REPLAY}.
local function replay(id, job, fields)
  local opts, parent = fields[1], fields[3]
  local why = whyNotReplayed(opts)
  if why then return why end
  local order = orderOf(opts)
  -- A scheduler computed the delay for one moment, which has passed.
  local delay = fields[4] and 0 or order.delay
  -- First the command that a Redis out of memory refuses, before anything is changed.
  local since = delay > 0 and string.format('%.0f:0', now + delay) or untried
  if tonumber(fields[6]) == delay then redis.call('HSET', job, '${MARKER}', run, '${SINCE}', since)
  else redis.call('HSET', job, '${MARKER}', run, '${SINCE}', since, 'delay', delay) end
  redis.call('HDEL', job, 'finishedOn', 'processedOn', 'failedReason', 'atm', 'ats', 'attemptsMade', 'stc', 'defa')
  -- A request to end the attempt before is over.
  redis.pcall('HDEL', base .. '${CANCELS}', id)
  if parent and redis.call('EXISTS', parent) == 1 then
    if redis.pcall('ZREM', parent .. ':unsuccessful', job) == 1 or redis.pcall('HDEL', parent .. ':failed', job) == 1 then
      redis.pcall('SADD', parent .. ':dependencies', job)
    end
  end
  if delay > 0 then
    delayUntil(id, now + delay)
  else
    push(id, order.lifo, tonumber(fields[2]) or 0)
    emit('event', 'waiting', 'jobId', id, 'prev', 'failed')
  end
end
`

/** The beginning of every step of a replay: see STEP. ARGV[3] is now (ms). */
export const REPLAY_HEAD = `
${STEP}
local now, untried = tonumber(ARGV[3]), ARGV[3] .. ':0'
local failed = base .. 'failed'
${WAKE}
`

/**
 * The next piece of all dead letters. KEYS: the queue's base. ARGV: major, run, now (ms), most to examine, the filter, seconds that
 * the run is kept. The run's own hash keeps its position: the highest score when it began, the last one left in
 * the set, how many it moved. Answers: moved by this step, by the run, examined, whether it is over, and those that stayed with the reason.
 */
export const REPLAY_NEXT = `
${REPLAY_HEAD}
${matchBy(5)}
${REPLAY_ONE}
local position = redis.call('HMGET', state, 'until', 'anchor', 'anchorScore', 'done')
local newest = position[1]
if not newest then
  newest = redis.call('ZRANGE', failed, -1, -1, 'WITHSCORES')[2]
  if not newest then return { 0, 0, 0, 1, {} } end
  redis.call('HSET', state, 'until', newest)
end
local from = 0
if position[2] then
  local rank = redis.call('ZRANK', failed, position[2])
  -- It was removed: those with its score are read again, which does no harm.
  from = rank and rank + 1 or redis.call('ZCOUNT', failed, '-inf', '(' .. position[3])
end
local list = redis.call('ZRANGE', failed, from, from + tonumber(ARGV[4]) - 1)
local done, moved, refused, looked, over = tonumber(position[4]) or 0, {}, {}, 0, #list == 0
-- Scores are read one by one only when the end of the run is in this piece.
local whole = not over and tonumber(redis.call('ZSCORE', failed, list[#list])) <= tonumber(newest)
for i = 1, #list do
  local id = list[i]
  if not whole and tonumber(redis.call('ZSCORE', failed, id)) > tonumber(newest) then over = true break end
  looked = looked + 1
  local job = base .. id
  local reading = redis.pcall('HMGET', job, ${READ_FOR_REPLAY})
  local why
  if reading.err then why = 'its key contains something other than a job'
  elseif reading[5] == run then why = ''
  else
    local about = (filtered or not reading[1]) and redis.call('HMGET', job, 'name', 'failedReason')
    if not reading[1] and not about[1] then why = 'its data is missing'
    elseif filtered and not fits(id, about[1], about[2]) then why = ''
    else why = replay(id, job, reading) end
  end
  if why then
    redis.call('HSET', state, 'anchor', id, 'anchorScore', redis.call('ZSCORE', failed, id))
    if why ~= '' then refused[#refused + 1] = id refused[#refused + 1] = why end
  else moved[#moved + 1] = id end
end
if #moved > 0 then
  redis.call('ZREM', failed, unpack(moved))
  done = redis.call('HINCRBY', state, 'done', #moved)
  wake()
end
redis.call('EXPIRE', state, ARGV[6])
return { #moved, done, looked, over and 1 or 0, refused }`

/** Chosen ones. ARGV: major, run, now, seconds, then the ids. Answers like the one above. */
export const REPLAY_CHOSEN = `
${REPLAY_HEAD}
${REPLAY_ONE}
local moved, refused = {}, {}
for i = 5, #ARGV do
  local id = ARGV[i]
  local reading = redis.pcall('HMGET', base .. id, ${READ_FOR_REPLAY}, 'name')
  local why
  if reading.err then why = 'its key contains something other than a job'
  elseif reading[5] == run then why = ''
  elseif not redis.call('ZSCORE', failed, id) then
    why = redis.call('EXISTS', base .. id) == 1 and 'it is no longer a dead letter' or 'there is no such job'
  elseif not reading[1] and not reading[7] then why = 'its data is missing'
  else why = replay(id, base .. id, reading) end
  if not why then moved[#moved + 1] = id
  elseif why ~= '' then refused[#refused + 1] = id refused[#refused + 1] = why end
end
local done = tonumber(redis.call('HGET', state, 'done')) or 0
if #moved > 0 then
  redis.call('ZREM', failed, unpack(moved))
  done = redis.call('HINCRBY', state, 'done', #moved)
  redis.call('EXPIRE', state, ARGV[4])
  wake()
end
return { #moved, done, #ARGV - 4, 1, refused }`
