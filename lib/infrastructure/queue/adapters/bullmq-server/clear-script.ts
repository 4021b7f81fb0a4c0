import { REMOVE } from './remove.ts'

/** Expects `REMOVE` and ARGV; defines `isOld(id, set)` by the cutoff (ms): of finished jobs when they finished, of others when they were added. */
const AGE = `
local function isOld(id, set, cutoff)
  local field = (set == 'completed' or set == 'failed') and 'finishedOn' or 'timestamp'
  local at = redis.pcall('HGET', base .. id, field)
  -- Without a time it is as old as can be.
  return type(at) ~= 'string' or not tonumber(at) or tonumber(at) <= cutoff
end
local function isMarker(set, id) return (set == 'wait' or set == 'paused') and string.sub(id, 1, 2) == '0:' end
`

/**
 * The next piece of what is cleared. KEYS: base. ARGV: run, cutoff (ms), most to examine, seconds that the run is kept, sets. The run's hash keeps the cutoff, which set it is at, and
 * its position there: in a sorted set the last job left in it, in a list how many were left at its end. A list is gone through again until nothing is removed, since
 * workers take jobs away below that position. Answers: removed, those that stayed with the reason, examined, removed by the run, whether it is over.
 */
export const CLEAR_NEXT = `
local base = KEYS[1]
local run, most = base .. 'substation:' .. ARGV[1], tonumber(ARGV[3])
${REMOVE}
${AGE}
redis.call('HSETNX', run, 'cutoff', ARGV[2])
local state = redis.call('HMGET', run, 'cutoff', 'set', 'anchor', 'anchorScore', 'left', 'pass', 'done')
local cutoff, at, left, pass = tonumber(state[1]), tonumber(state[2]) or 1, tonumber(state[5]) or 0, tonumber(state[6]) or 0
local set = ARGV[4 + at]
if not set then return { 0, {}, 0, tonumber(state[7]) or 0, 1 } end
local isList = set == 'wait' or set == 'paused'
local ids
if isList then
  local tail = redis.pcall('LRANGE', base .. set, -(left + most), -(left + 1))
  ids = {}
  for i = #tail, 1, -1 do ids[#ids + 1] = tail[i] end
else
  local from = 0
  if state[3] then
    local rank = redis.pcall('ZRANK', base .. set, state[3])
    from = type(rank) == 'number' and rank + 1 or redis.call('ZCOUNT', base .. set, '-inf', '(' .. state[4])
  end
  ids = redis.pcall('ZRANGE', base .. set, from, from + most - 1)
end
if ids.err then ids = {} end
local removed, refused, anchor = 0, {}, nil
for _, id in ipairs(ids) do
  local why
  if isMarker(set, id) or not isOld(id, set, cutoff) then why = ''
  else why = whyNotRemoved(id) end
  if why then
    if isList then left = left + 1 else anchor = id end
    if why ~= '' then refused[#refused + 1] = id refused[#refused + 1] = why end
  else
    if isList then redis.call('LREM', base .. set, -1, id) else redis.call('ZREM', base .. set, id) end
    drop(id)
    emit(id, isList and 'waiting' or set)
    removed = removed + 1
  end
end
pass = pass + removed
if #ids < most then
  if isList and pass > 0 then redis.call('HSET', run, 'left', 0, 'pass', 0)
  else
    redis.call('HDEL', run, 'anchor', 'anchorScore', 'left', 'pass')
    redis.call('HSET', run, 'set', at + 1)
  end
else
  redis.call('HSET', run, 'left', left, 'pass', pass)
  if anchor then redis.call('HSET', run, 'anchor', anchor, 'anchorScore', redis.call('ZSCORE', base .. set, anchor)) end
end
local done = redis.call('HINCRBY', run, 'done', removed)
redis.call('EXPIRE', run, ARGV[4])
return { removed, refused, #ids, done, 0 }`

/**
 * What it would remove, in pieces of one set. KEYS: base. ARGV: set, cutoff (ms), most in the sample, then pairs of ranks. Answers: how many, examined, a sample, and the reason of each that would stay.
 */
export const COUNT_CLEARED = `
local base, set, cutoff = KEYS[1], ARGV[1], tonumber(ARGV[2])
${REMOVE}
${AGE}
local count, looked, sample, refused = 0, 0, {}, {}
local isList = set == 'wait' or set == 'paused'
for i = 4, #ARGV, 2 do
  for _, id in ipairs(redis.call(isList and 'LRANGE' or 'ZRANGE', base .. set, ARGV[i], ARGV[i + 1])) do
    looked = looked + 1
    if not isMarker(set, id) and isOld(id, set, cutoff) then
      local why = whyNotRemoved(id)
      if why then refused[#refused + 1] = id refused[#refused + 1] = why
      else
        count = count + 1
        if count <= tonumber(ARGV[3]) then
          local fields = redis.pcall('HMGET', base .. id, 'name', 'failedReason')
          if fields.err then fields = {} end
          sample[#sample + 1] = { id, string.sub(fields[1] or '', 1, 200), string.sub(fields[2] or '', 1, 300) }
        end
      end
    end
  end
end
return { count, looked, sample, refused }`
