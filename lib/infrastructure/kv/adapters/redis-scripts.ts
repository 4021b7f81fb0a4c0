/**
 * Every script gets the store's prefix as its first argument. `v:` are values (`version|json`) and lists, `l:` locks; `index` has the keys by
 * name and `expiry` by time, since a scan would go through the whole Redis. Keys that Redis has expired leave both a few with each write.
 */
const PRELUDE = `
local prefix = ARGV[1]
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function tidy(limit)
  local removed = 0
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'expiry', '-inf', now(), 'LIMIT', 0, limit)) do
    if redis.call('EXISTS', prefix .. 'v:' .. key) == 0 then
      redis.call('ZREM', prefix .. 'index', key)
      redis.call('ZREM', prefix .. 'expiry', key)
      removed = removed + 1
    end
  end
  return removed
end
local function drop(key)
  redis.call('ZREM', prefix .. 'index', key)
  redis.call('ZREM', prefix .. 'expiry', key)
  return redis.call('DEL', prefix .. 'v:' .. key)
end
local function listed(key, ttl)
  redis.call('ZADD', prefix .. 'index', 0, key)
  if ttl > 0 then redis.call('ZADD', prefix .. 'expiry', now() + ttl, key)
  else redis.call('ZREM', prefix .. 'expiry', key) end
  tidy(4)
end
local function nextVersion() return redis.call('INCR', prefix .. 'version') end
local function versionOf(text) return string.match(text, '^(%d+)|') end
local function jsonOf(text) return string.match(text, '^%d+|(.*)$') end
`

export const READ = `${PRELUDE}
local text = redis.call('GET', prefix .. 'v:' .. ARGV[2])
if not text then return false end
return {jsonOf(text), versionOf(text), redis.call('PTTL', prefix .. 'v:' .. ARGV[2])}`

export const READ_MANY = `${PRELUDE}
local found = {}
for at = 2, #ARGV do
  local key = prefix .. 'v:' .. ARGV[at]
  local text = redis.call('TYPE', key).ok == 'string' and redis.call('GET', key)
  found[at - 1] = text and jsonOf(text) or false
end
return found`

/** key, json, ttl (0: none), 1 for only if absent, version or an empty text. */
export const WRITE = `${PRELUDE}
local key, ttl = prefix .. 'v:' .. ARGV[2], tonumber(ARGV[4])
if ARGV[5] == '1' and redis.call('EXISTS', key) == 1 then return false end
if ARGV[6] ~= '' then
  local text = redis.call('TYPE', key).ok == 'string' and redis.call('GET', key)
  if not text or versionOf(text) ~= ARGV[6] then return false end
end
local version = nextVersion()
local text = string.format('%.0f', version) .. '|' .. ARGV[3]
if ttl > 0 then redis.call('SET', key, text, 'PX', ttl) else redis.call('SET', key, text) end
listed(ARGV[2], ttl)
return version`

/** key, version or an empty text. */
export const REMOVE = `${PRELUDE}
if ARGV[3] ~= '' then
  local key = prefix .. 'v:' .. ARGV[2]
  local text = redis.call('TYPE', key).ok == 'string' and redis.call('GET', key)
  if not text or versionOf(text) ~= ARGV[3] then return 0 end
end
return drop(ARGV[2])`

/** key, by, ttl for a new one. The sum as text, since a reply has no number beyond 2^63. */
export const INCREMENT = `${PRELUDE}
local key, ttl = prefix .. 'v:' .. ARGV[2], tonumber(ARGV[4])
local text = redis.call('GET', key)
local json = text and jsonOf(text) or '0'
if not string.match(json, '^%-?%d+$') or #json > 17 then return false end
local sum = tonumber(json) + tonumber(ARGV[3])
if math.abs(sum) > 9007199254740991 then return false end
local digits = string.format('%.0f', sum)
if digits == '-0' then digits = '0' end
local value = string.format('%.0f', nextVersion()) .. '|' .. digits
if text then redis.call('SET', key, value, 'KEEPTTL')
else
  if ttl > 0 then redis.call('SET', key, value, 'PX', ttl) else redis.call('SET', key, value) end
  listed(ARGV[2], ttl)
end
return digits`

/** key, end, most items to keep (0: all), most that are allowed, ttl, items. */
export const PUSH = `${PRELUDE}
local key, keep, ttl = prefix .. 'v:' .. ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[6])
local length = redis.call('LLEN', key)
local sum = length + #ARGV - 6
if keep == 0 and sum > tonumber(ARGV[5]) then return -1 end
local command = ARGV[3] == 'tail' and 'RPUSH' or 'LPUSH'
for at = 7, #ARGV do redis.call(command, key, ARGV[at]) end
if keep > 0 and sum > keep then
  if ARGV[3] == 'tail' then redis.call('LTRIM', key, -keep, -1) else redis.call('LTRIM', key, 0, keep - 1) end
end
if ttl > 0 then redis.call('PEXPIRE', key, ttl) end
if ttl > 0 or length == 0 then listed(ARGV[2], ttl) end
return redis.call('LLEN', key)`

export const RANGE = `${PRELUDE} return redis.call('LRANGE', prefix .. 'v:' .. ARGV[2], ARGV[3], ARGV[4])`

export const POP = `${PRELUDE}
local key = prefix .. 'v:' .. ARGV[2]
local item = redis.call(ARGV[3] == 'head' and 'LPOP' or 'RPOP', key)
if item and redis.call('EXISTS', key) == 0 then drop(ARGV[2]) end
return item`

/** key, most items, end. */
export const TRIM = `${PRELUDE}
local key, keep = prefix .. 'v:' .. ARGV[2], tonumber(ARGV[3])
local length = redis.call('LLEN', key)
if length <= keep then return length end
if keep == 0 then drop(ARGV[2]) return 0 end
if ARGV[4] == 'tail' then redis.call('LTRIM', key, -keep, -1) else redis.call('LTRIM', key, 0, keep - 1) end
return keep`

/** from, to as Redis writes ranges of names; limit. The last one that was examined, and those that exist. */
export const KEYS = `${PRELUDE}
local members = redis.call('ZRANGEBYLEX', prefix .. 'index', ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4] + 1)
local more = #members > tonumber(ARGV[4])
if more then table.remove(members) end
local keys = {more and members[#members] or ''}
for _, key in ipairs(members) do
  if redis.call('EXISTS', prefix .. 'v:' .. key) == 1 then keys[#keys + 1] = key
  else redis.call('ZREM', prefix .. 'index', key) redis.call('ZREM', prefix .. 'expiry', key) end
end
return keys`

export const TIDY = `${PRELUDE} return tidy(tonumber(ARGV[2]))`

/** The counter of fences is never deleted, so a fence grows also after a lock expired. */
export const ACQUIRE = `${PRELUDE}
if redis.call('EXISTS', prefix .. 'l:' .. ARGV[2]) == 1 then return false end
local fence = redis.call('INCR', prefix .. 'fence')
redis.call('SET', prefix .. 'l:' .. ARGV[2], string.format('%.0f', fence), 'PX', ARGV[3])
return fence`

export const RENEW = `${PRELUDE}
local key = prefix .. 'l:' .. ARGV[2]
if redis.call('GET', key) ~= ARGV[3] then return 0 end
return redis.call('PEXPIRE', key, ARGV[4])`

export const RELEASE = `${PRELUDE}
local key = prefix .. 'l:' .. ARGV[2]
if redis.call('GET', key) ~= ARGV[3] then return 0 end
return redis.call('DEL', key)`
