/**
 * All keys of a namespace carry its hash tag, so that a script may name them itself: `{ns}:meta` (generation g, epoch e),
 * `{ns}:tags` (tag -> epoch of its last invalidation), `{ns}:log` (the last invalidations by epoch), `{ns}:bus` (channel),
 * `{ns}:g<generation>:<key>` (entries). A generation begins with a random number, so that a Redis which lost its data is
 * not taken for the one from before.
 */
const META = `
local p = ARGV[1]
local function stamp()
  local m = redis.call('HMGET', p .. 'meta', 'g', 'e')
  if m[1] and m[2] then return m[1], tonumber(m[2]) end
  redis.call('HSET', p .. 'meta', 'g', ARGV[2], 'e', 0)
  return ARGV[2], 0
end
local function announce(g, where)
  local e = redis.call('HINCRBY', p .. 'meta', 'e', 1)
  local line = string.format('{"generation":"%s","epoch":%d,"where":%s}', g, e, where)
  redis.call('ZADD', p .. 'log', e, line)
  redis.call('ZREMRANGEBYRANK', p .. 'log', 0, -1001)
  redis.call('PUBLISH', p .. 'bus', line)
  return e
end
local function header(raw)
  local ok, h = pcall(cjson.decode, string.match(raw, '^[^\\n]*'))
  if ok and type(h) == 'table' and h.epoch then return h end
end
local function headerAt(key)
  local raw = redis.call('GETRANGE', key, 0, 1023)
  if not string.find(raw, '\\n', 1, true) then raw = redis.call('GET', key) or '' end
  return header(raw)
end
local function has(list, item)
  if type(list) ~= 'table' then return false end
  for _, x in ipairs(list) do if x == item then return true end end
  return false
end
`

/** ARGV: prefix, fresh generation, keys. Answers generation, epoch, then for each key its text (or nil) and its PTTL. */
export const READ = `${META}
local g, e = stamp()
local out = { g, e }
for i = 3, #ARGV do
  local key = p .. 'g' .. g .. ':' .. ARGV[i]
  local raw = redis.call('GET', key)
  local left = 0
  if raw then
    local h = header(raw)
    if h and type(h.tags) == 'table' and #h.tags > 0 then
      for _, at in ipairs(redis.call('HMGET', p .. 'tags', unpack(h.tags))) do
        if at and tonumber(at) > h.epoch then h = nil break end
      end
    end
    if h then left = redis.call('PTTL', key) else raw = false end
  end
  out[#out + 1] = raw
  out[#out + 1] = left
end
return out`

/**
 * ARGV: prefix, fresh generation, key, its where as JSON, envelope's tail, value, TTL in ms; for a fill also the
 * generation and epoch it began under and its tags. Answers stored (1 or 0), generation, epoch.
 */
export const WRITE = `${META}
local g, e = stamp()
local key = ARGV[3]
if #ARGV == 7 then
  e = announce(g, ARGV[4])
else
  if g ~= ARGV[8] then return { 0, g, e } end
  local since = tonumber(ARGV[9])
  if since < e then
    local tags = {}
    for i = 10, #ARGV do tags[#tags + 1] = ARGV[i] end
    local lines = redis.call('ZRANGEBYSCORE', p .. 'log', '(' .. since, '+inf')
    if #lines < e - since then return { 0, g, e } end
    for _, line in ipairs(lines) do
      local w = cjson.decode(line).where
      if w.by == 'all' or w.by == 'pattern' or w.key == key or has(tags, w.tag) then return { 0, g, e } end
    end
  end
end
redis.call('SET', p .. 'g' .. g .. ':' .. key, '{"v":1,"epoch":' .. e .. ARGV[5] .. '\\n' .. ARGV[6], 'PX', ARGV[7])
return { 1, g, e }`

/**
 * ARGV: prefix, fresh generation, by, subject, where as JSON, ms after which no entry can remember a tag.
 * Answers generation, epoch, generation before, epoch before, number deleted (-1: not known yet).
 */
export const INVALIDATE = `${META}
local g, e = stamp()
local by, subject = ARGV[3], ARGV[4]
local now, deleted = g, -1
if by == 'all' then now = string.format('%.0f', redis.call('HINCRBY', p .. 'meta', 'g', 1)) end
local epoch = announce(now, ARGV[5])
if by == 'key' then deleted = redis.call('UNLINK', p .. 'g' .. g .. ':' .. subject) end
if by == 'tag' then
  redis.call('HSET', p .. 'tags', subject, epoch)
  redis.call('PEXPIRE', p .. 'tags', ARGV[6])
end
return { now, epoch, g, e, deleted }`

/** ARGV: prefix, -, tag or empty, epoch (-1: whatever its age), full keys. Removes those that are older. Answers how many. */
export const REAP = `${META}
local n = 0
for i = 5, #ARGV do
  local h = headerAt(ARGV[i])
  local old = ARGV[4] == '-1' or (h and h.epoch < tonumber(ARGV[4]))
  if old and (ARGV[3] == '' or (h and has(h.tags, ARGV[3]))) then n = n + redis.call('UNLINK', ARGV[i]) end
end
return n`

/** ARGV: prefix, -, tag or empty, full keys. Answers those of them that are alive (and carry the tag). */
export const ALIVE = `${META}
local out = {}
for i = 4, #ARGV do
  local h = headerAt(ARGV[i])
  local alive = h ~= nil and (ARGV[3] == '' or has(h.tags, ARGV[3]))
  if alive and type(h.tags) == 'table' and #h.tags > 0 then
    for _, at in ipairs(redis.call('HMGET', p .. 'tags', unpack(h.tags))) do
      if at and tonumber(at) > h.epoch then alive = false end
    end
  end
  if alive then out[#out + 1] = ARGV[i] end
end
return out`

/** ARGV: prefix, fresh generation, epoch. Answers generation, epoch, and the announcements after that one. */
export const MISSED = `${META}
local g, e = stamp()
return { g, e, redis.call('ZRANGEBYSCORE', p .. 'log', '(' .. ARGV[3], '+inf') }`
