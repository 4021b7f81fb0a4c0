import { matchBy } from './match.ts'
import { ATTEMPTS, ATTEMPTS_OF, SINCE } from './since.ts'
import { STEP } from './step.ts'
import { WAKE } from './wake.ts'
import { WHY_NOT_PROMOTED } from './why-not.ts'

/**
 * Promotes one delayed job, by the steps of BullMQ's own promote; also the next of a scheduler, which adds the one after it at its
 * time. What no worker could read stays. Answers nothing when it was promoted, otherwise why not.
 */
const PROMOTE_ONE = `
${STEP}
${WAKE}
${WHY_NOT_PROMOTED}
${ATTEMPTS_OF}
local now = ARGV[3]
local function read(id) return redis.pcall('HMGET', base .. id, 'priority', 'opts', 'name', 'failedReason', ${ATTEMPTS}) end
local function promote(id, fields)
  local why = whyNotPromoted(fields[2])
  if why then return why end
  -- First the command that a Redis out of memory refuses, before anything is changed.
  redis.call('HSET', base .. id, 'delay', 0, '${SINCE}', now .. ':' .. attemptsOf(fields, 5))
  push(id, false, tonumber(fields[1]) or 0)
  emit('event', 'waiting', 'jobId', id, 'prev', 'delayed')
end
local delayed = base .. 'delayed'
`

/**
 * The next piece of all that were delayed when the run began. ARGV: major, run, now (ms), most to note, most to examine, the
 * filter, seconds that the run and its list are kept.
 *
 * A job may be delayed again, or a new one added, while the run goes on, and the score does not show that. So the run first notes the
 * delayed jobs, in their order, in a set of its own: piece after piece, which for ten thousand takes some twenty milliseconds. Then it
 * takes each from there once. Its hash keeps up to which score it notes, the last one noted, how many are left, how many it moved.
 */
export const PROMOTE_NEXT = `
${PROMOTE_ONE}
${matchBy(6)}
local noted = state .. ':delayed'
local position = redis.call('HMGET', state, 'until', 'anchor', 'anchorScore', 'whole', 'left', 'done')
local left, done = tonumber(position[5]) or 0, tonumber(position[6]) or 0
local function remember()
  redis.call('EXPIRE', state, ARGV[7])
  redis.call('EXPIRE', noted, ARGV[8])
end
if not position[4] then
  local last = position[1] or redis.call('ZRANGE', delayed, -1, -1, 'WITHSCORES')[2]
  if not last then return { 0, 0, 0, 1, {} } end
  local from = 0
  if position[2] then
    -- It was promoted, removed or delayed again: those with its score are read again, which does no harm.
    local score = redis.call('ZSCORE', delayed, position[2])
    from = score and tonumber(score) == tonumber(position[3]) and redis.call('ZRANK', delayed, position[2]) + 1
      or redis.call('ZCOUNT', delayed, '-inf', '(' .. position[3])
  end
  local list = redis.call('ZRANGE', delayed, from, from + tonumber(ARGV[4]) - 1)
  local whole = #list < tonumber(ARGV[4])
  local score = list[1] and redis.call('ZSCORE', delayed, list[#list])
  while score and tonumber(score) > tonumber(last) do
    whole = true
    list[#list] = nil
    score = list[1] and redis.call('ZSCORE', delayed, list[#list])
  end
  if #list > 0 then
    local add = {}
    for i = 1, #list do add[2 * i - 1], add[2 * i] = from + i, list[i] end
    left = left + redis.call('ZADD', noted, 'NX', unpack(add))
    redis.call('HSET', state, 'anchor', list[#list], 'anchorScore', score)
  end
  redis.call('HSET', state, 'until', last, 'left', left)
  if whole then redis.call('HSET', state, 'whole', 1) end
  remember()
  if not whole then return { 0, 0, 0, 0, {} } end
end
local list = redis.call('ZRANGE', noted, 0, tonumber(ARGV[5]) - 1)
if #list == 0 then
  -- Evicted by a Redis out of memory, or expired after a day.
  if left > 0 then error({ err = 'ERR the list of jobs that were delayed when the run began is lost' }) end
  return { 0, done, 0, 1, {} }
end
local scores = redis.call('ZMSCORE', delayed, unpack(list))
local moved, refused = {}, {}
for i = 1, #list do
  local id = list[i]
  if scores[i] then
    local fields = read(id)
    local why
    if fields.err then why = 'its key contains something other than a job'
    elseif not fields[2] and not fields[3] then why = 'its data is missing'
    elseif not fits(id, fields[3], fields[4]) then why = ''
    else why = promote(id, fields) end
    if not why then moved[#moved + 1] = id
    elseif why ~= '' then refused[#refused + 1] = id refused[#refused + 1] = why end
  end
end
if #moved > 0 then
  redis.call('ZREM', delayed, unpack(moved))
  wake()
end
redis.call('ZREM', noted, unpack(list))
left, done = left - #list, done + #moved
redis.call('HSET', state, 'left', left, 'done', done)
remember()
return { #moved, done, #list, left == 0 and 1 or 0, refused }`

/** Chosen ones. ARGV: major, run, now, seconds, then the ids. The run's hash keeps which it has promoted. Answers like the one above. */
export const PROMOTE_CHOSEN = `
${PROMOTE_ONE}
local moved, refused = {}, {}
for i = 5, #ARGV do
  local id = ARGV[i]
  if redis.call('HEXISTS', state, 'job:' .. id) == 0 then
    local fields = read(id)
    local why
    if fields.err or (not fields[2] and not fields[3]) then why = 'there is no such job'
    elseif not redis.call('ZSCORE', delayed, id) then why = 'it is no longer delayed'
    else why = promote(id, fields) end
    if why then refused[#refused + 1] = id refused[#refused + 1] = why
    else
      redis.call('HSET', state, 'job:' .. id, 1)
      moved[#moved + 1] = id
    end
  end
end
local done = tonumber(redis.call('HGET', state, 'done')) or 0
if #moved > 0 then
  redis.call('ZREM', delayed, unpack(moved))
  done = redis.call('HINCRBY', state, 'done', #moved)
  redis.call('EXPIRE', state, ARGV[4])
  wake()
end
return { #moved, done, #ARGV - 4, 1, refused }`
