/**
 * A record is a hash: `o` owner, `f` fingerprint, `n` fence, `u` end of the lease (ms, by Redis' clock), `c` 1 when another may take over, `s`
 * the state once it is finished, `v` the result as JSON, absent for undefined. The counter of fences is never deleted.
 */
const PRELUDE = `
local prefix, key = ARGV[1], ARGV[1] .. 'r:' .. ARGV[2]
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function expire(ms) if ms > 0 then redis.call('PEXPIRE', key, ms) else redis.call('PERSIST', key) end end
local function begun(owner)
  local record = redis.call('HMGET', key, 'o', 's')
  return record[1] == owner and not record[2]
end
local function lapsed() return tonumber(redis.call('HGET', key, 'u')) <= now() end
local function finish(state, hasJson, json, ttl)
  redis.call('HSET', key, 's', state)
  if hasJson == '1' then redis.call('HSET', key, 'v', json) end
  expire(tonumber(ttl))
  return 1
end
`

/** key, owner, fingerprint or an empty text, lease, time until it is removed (0: never), 1 if another may take over. */
export const CLAIM = `${PRELUDE}
local record = redis.call('HMGET', key, 'o', 'f', 'n', 'u', 'c', 's', 'v')
if record[1] then
  if record[2] ~= '' and ARGV[4] ~= '' and record[2] ~= ARGV[4] then return {'conflict'} end
  if record[6] then return {record[6], record[7]} end
  if tonumber(record[4]) > now() then return {'in-flight'} end
  if record[5] ~= '1' or ARGV[7] ~= '1' then return {'unknown'} end
end
local fence = string.format('%.0f', redis.call('INCR', prefix .. 'fence'))
redis.call('DEL', key)
redis.call('HSET', key, 'o', ARGV[3], 'f', ARGV[4], 'n', fence, 'u', now() + ARGV[5], 'c', ARGV[7])
expire(tonumber(ARGV[6]))
return {'started', fence}`

/** key, owner, lease, time until it is removed. */
export const RENEW = `${PRELUDE}
if not begun(ARGV[3]) then return 0 end
redis.call('HSET', key, 'u', now() + ARGV[4])
expire(tonumber(ARGV[5]))
return 1`

/** key, owner, state, 1 with JSON, JSON, time to live. */
export const FINISH = `${PRELUDE}
if not begun(ARGV[3]) then return 0 end
return finish(ARGV[4], ARGV[5], ARGV[6], ARGV[7])`

export const ABANDON = `${PRELUDE}
if not begun(ARGV[3]) then return 0 end
redis.call('HSET', key, 'u', 0, 'c', 0)
redis.call('PERSIST', key)
return 1`

export const RELEASE = `${PRELUDE}
if not begun(ARGV[3]) then return 0 end
return redis.call('DEL', key)`

export const READ = `${PRELUDE}
local record = redis.call('HMGET', key, 'n', 's', 'v')
if not record[1] then return false end
return {record[1], record[2] or (lapsed() and 'unknown' or 'in-flight'), record[3]}`

/** key, state, 1 with JSON, JSON, time to live. */
export const RESOLVE = `${PRELUDE}
if redis.call('EXISTS', key) == 0 or redis.call('HEXISTS', key, 's') == 1 or not lapsed() then return 0 end
return finish(ARGV[3], ARGV[4], ARGV[5], ARGV[6])`

export const FORGET = `${PRELUDE}
if redis.call('EXISTS', key) == 0 then return 0 end
if redis.call('HEXISTS', key, 's') == 0 and not lapsed() then return 0 end
return redis.call('DEL', key)`
