/**
 * All keys of a namespace carry its hash tag, so that a script may build their names: `{ns}:meta` (generation g, epoch e),
 * `{ns}:tags` (tag -> epoch of its last invalidation), `{ns}:log` (the last invalidations by epoch), `{ns}:bus` (channel),
 * `{ns}:g<generation>:<key>` (entries), `{ns}:kept:<name>` (what an invalidation set aside: key -> when it would have expired, ms)
 * and `{ns}:kept:<name>:<key>` (those entries), `{ns}:lease:<key>` (who makes its value: token t, fence f, generation g and epoch e in
 * which that began, w when someone waits). The first generation is a random number, so that a Redis which lost its data
 * is recognised.
 */
export const META = `
local p = ARGV[1]
local function stamp()
  local m = redis.call('HMGET', p .. 'meta', 'g', 'e')
  if m[1] and m[2] then return m[1], tonumber(m[2]) end
  redis.call('HSET', p .. 'meta', 'g', ARGV[2], 'e', 0)
  return ARGV[2], 0
end
local function now()
  local t = redis.call('TIME')
  return string.format('%.0f', t[1] * 1000 + t[2] / 1000)
end
local function announce(g, where)
  local e = redis.call('HINCRBY', p .. 'meta', 'e', 1)
  local line = string.format('{"generation":"%s","epoch":%d,"at":%s,"where":%s}', g, e, now(), where)
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
local function covered(key, tags, since, e)
  if since >= e then return false end
  local lines = redis.call('ZRANGEBYSCORE', p .. 'log', '(' .. since, '+inf')
  if #lines < e - since then return true end
  for _, line in ipairs(lines) do
    local w = cjson.decode(line).where
    if w.by == 'all' or w.by == 'pattern' or w.key == key or has(tags, w.tag) then return true end
  end
  return false
end
local function release(key, token)
  local lease = p .. 'lease:' .. key
  local held = redis.call('HMGET', lease, 't', 'w')
  if held[1] ~= token then return end
  redis.call('UNLINK', lease)
  if held[2] then redis.call('PUBLISH', p .. 'bus', '{"released":' .. cjson.encode(key) .. '}') end
end
local function dead(h, except)
  if type(h.tags) ~= 'table' or #h.tags == 0 then return false end
  for _, at in ipairs(redis.call('HMGET', p .. 'tags', unpack(h.tags))) do
    if at and tonumber(at) > h.epoch and tonumber(at) ~= except then return true end
  end
  return false
end
local kept, bytes, trouble = 0, 0, ''
local function refused(answer)
  if type(answer) == 'table' and answer.err then trouble = answer.err return true end
end
local function take(key, h, epoch, name, ms)
  local left = name ~= '' and h and not dead(h, epoch) and redis.call('PTTL', key) or 0
  if left <= 0 then return redis.call('UNLINK', key) end
  local own = string.match(string.sub(key, #p + 1), '^g%d+:(.*)$')
  local list = p .. 'kept:' .. name
  local aside = list .. ':' .. own
  local t = redis.call('TIME')
  local at = string.format('%.0f', t[1] * 1000 + t[2] / 1000 + left)
  if refused(redis.pcall('ZADD', list, at, own)) then return redis.call('UNLINK', key) end
  redis.call('PEXPIRE', list, ms)
  if refused(redis.pcall('RENAME', key, aside)) then return redis.call('UNLINK', key) end
  if left > tonumber(ms) then redis.call('PEXPIRE', aside, ms) end
  kept = kept + 1
  bytes = bytes + redis.call('STRLEN', aside) + #own
  return 1
end
`

/** ARGV: prefix, fresh generation, keys. Answers generation, epoch, Redis' time in ms, then for each key its text (or nil) and its PTTL. */
export const READ = `${META}
local g, e = stamp()
local out = { g, e, now() }
for i = 3, #ARGV do
  local key = p .. 'g' .. g .. ':' .. ARGV[i]
  local raw = redis.call('GET', key)
  local left = 0
  if raw then
    local h = header(raw)
    if h and not dead(h) then left = redis.call('PTTL', key) else raw = false end
  end
  out[#out + 1] = raw
  out[#out + 1] = left
end
return out`

/**
 * ARGV: prefix, fresh generation, key, its where as JSON, envelope's tail, value, TTL in ms; for a fill also the
 * generation and epoch it began under, token (or empty) and fence of its lease, and its tags. Answers stored (1 or 0), generation, epoch.
 */
export const WRITE = `${META}
local g, e = stamp()
local key = ARGV[3]
local full = p .. 'g' .. g .. ':' .. key
local stored = 1
if #ARGV == 7 then
  e = announce(g, ARGV[4])
else
  local tags, fence = {}, tonumber(ARGV[11])
  for i = 12, #ARGV do tags[#tags + 1] = ARGV[i] end
  if g ~= ARGV[8] or covered(key, tags, tonumber(ARGV[9]), e) then stored = 0 end
  if stored == 1 and ARGV[10] ~= '' then
    local h = headerAt(full)
    local later = redis.call('HGET', p .. 'lease:' .. key, 'f')
    if (later and tonumber(later) > fence) or (h and not dead(h) and h.fence and h.fence > fence) then stored = 0 end
  end
end
if stored == 1 then redis.call('SET', full, '{"epoch":' .. e .. ARGV[5] .. '\\n' .. ARGV[6], 'PX', ARGV[7]) end
if #ARGV > 7 and ARGV[10] ~= '' then release(key, ARGV[10]) end
return { stored, g, e }`

/**
 * ARGV: prefix, fresh generation, token, ms of the leases, refresh (1 or 0), codec, schema (or empty), number of tags, tags, keys. Answers generation,
 * epoch, then for each key the entry's text (or nil) and PTTL, -1 (no lease is needed, or none can be kept), 0 (another has it) or 1 (it
 * is ours), its fence and its PTTL.
 */
export const CLAIM = `${META}
local g, e = stamp()
local token, ms, tags = ARGV[3], ARGV[4], {}
for i = 9, 8 + ARGV[8] do tags[#tags + 1] = ARGV[i] end
local function good(h, left)
  return ARGV[5] == '0' and h.hard and left > h.hard - (h.fresh or h.hard) and h.codec == ARGV[6] and (h.schema or '') == ARGV[7]
end
local function claim(key)
  local lease = p .. 'lease:' .. key
  local held = redis.call('HMGET', lease, 't', 'f', 'g', 'e')
  if held[1] and held[3] == g and not covered(key, tags, tonumber(held[4]), e) then
    refused(redis.pcall('HSET', lease, 'w', 1))
    return 0, tonumber(held[2]), redis.call('PTTL', lease)
  end
  local fence = redis.pcall('HINCRBY', p .. 'meta', 'f', 1)
  if refused(fence) then return -1, 0, 0 end
  if refused(redis.pcall('HSET', lease, 't', token, 'f', fence, 'g', g, 'e', e)) then return -1, 0, 0 end
  redis.call('PEXPIRE', lease, ms)
  if held[1] then redis.call('HSET', lease, 'w', 1) end
  return 1, fence, ms
end
local out = { g, e }
for i = 9 + ARGV[8], #ARGV do
  local full = p .. 'g' .. g .. ':' .. ARGV[i]
  local raw, left = redis.call('GET', full), 0
  local h = raw and header(raw)
  if h and not dead(h) then left = redis.call('PTTL', full) else raw = false end
  local mine, fence, leftMs = -1, 0, 0
  if not (raw and good(h, left)) then mine, fence, leftMs = claim(ARGV[i]) end
  for _, part in ipairs({ raw, left, mine, fence, leftMs }) do out[#out + 1] = part end
end
return out`

/** ARGV: prefix, -, ms (0: ends the leases), then key and token of each. */
export const RENEW = `${META}
for i = 4, #ARGV, 2 do
  local key, token = ARGV[i], ARGV[i + 1]
  local lease = p .. 'lease:' .. key
  if ARGV[3] == '0' then release(key, token)
  elseif redis.call('HGET', lease, 't') == token then redis.call('PEXPIRE', lease, ARGV[3]) end
end
return 1`

/**
 * ARGV: prefix, fresh generation, by, subject, where as JSON, ms after which no entry can still have a tag, name to set aside
 * under (or empty) and for how many ms. Answers generation, epoch, generation before, epoch before, number deleted (-1: not
 * known yet), how many of them were set aside, their bytes, and Redis' error when it refused to.
 */
export const INVALIDATE = `${META}
local g, e = stamp()
local by, subject, name = ARGV[3], ARGV[4], ARGV[7]
local current, deleted = g, -1
-- A full Redis refuses commands that may need memory, unless the script has written before: so we unlink a key, and set nothing aside.
if refused(redis.pcall('HINCRBY', p .. 'meta', 'e', 0)) then
  redis.call('UNLINK', p .. 'room')
  name = ''
end
if by == 'all' then current = string.format('%.0f', redis.call('HINCRBY', p .. 'meta', 'g', 1)) end
local epoch = announce(current, ARGV[5])
if by == 'key' then
  local key = p .. 'g' .. g .. ':' .. subject
  deleted = take(key, headerAt(key), epoch, name, ARGV[8])
end
if by == 'tag' then
  redis.call('HSET', p .. 'tags', subject, epoch)
  redis.call('PEXPIRE', p .. 'tags', ARGV[6])
end
return { current, epoch, g, e, deleted, kept, bytes, trouble }`

/**
 * ARGV: prefix, -, tag or empty, epoch (-1: of any age), name to set aside under (or empty) and for how many ms, full keys.
 * Removes those that are older. Answers how many, how many of them were set aside, their bytes, and Redis' error when it refused to.
 */
export const REAP = `${META}
local n = 0
for i = 7, #ARGV do
  local h = headerAt(ARGV[i])
  local old = ARGV[4] == '-1' or (h and h.epoch < tonumber(ARGV[4]))
  if old and (ARGV[3] == '' or (h and has(h.tags, ARGV[3]))) then
    n = n + take(ARGV[i], h, tonumber(ARGV[4]), ARGV[5], ARGV[6])
  end
end
return { n, kept, bytes, trouble }`

/** ARGV: prefix, -, tag or empty, full keys. Answers the bytes of those that are alive (and carry the tag), then which they are. */
export const ALIVE = `${META}
local out = { 0 }
for i = 4, #ARGV do
  local h = headerAt(ARGV[i])
  if h and (ARGV[3] == '' or has(h.tags, ARGV[3])) and not dead(h) then
    out[1] = out[1] + redis.call('STRLEN', ARGV[i])
    out[#out + 1] = ARGV[i]
  end
end
return out`

/** ARGV: prefix, fresh generation, epoch. Answers generation, epoch, and the announcements after that one. */
export const MISSED = `${META}
local g, e = stamp()
return { g, e, redis.call('ZRANGEBYSCORE', p .. 'log', '(' .. ARGV[3], '+inf') }`

/**
 * ARGV: prefix, -, name, generation and epoch of the invalidation, epoch up to which the caller has looked, then for each entry set
 * aside its key, when it would have expired (ms), and whether something else has covered it since (1 or 0). Restores, under the
 * current epoch, what was not written again. Answers how many were restored, written again, invalidated again, and expired.
 */
export const RESTORE = `${META}
local g, e = stamp()
local list, since, seen = p .. 'kept:' .. ARGV[3], tonumber(ARGV[5]), tonumber(ARGV[6])
local lines = redis.call('ZRANGEBYSCORE', p .. 'log', '(' .. seen, '+inf')
local all = g ~= ARGV[4] or #lines < e - seen
local keys = {}
for _, line in ipairs(lines) do
  local w = cjson.decode(line).where
  if w.by == 'key' then keys[w.key] = true elseif w.by ~= 'tag' then all = true end
end
local at = tonumber(now())
local restored, rewritten, covered, expired = 0, 0, 0, 0
for i = 7, #ARGV, 3 do
  local key, left = ARGV[i], math.floor(tonumber(ARGV[i + 1]) - at)
  local aside, target = list .. ':' .. key, p .. 'g' .. g .. ':' .. key
  local raw = left > 0 and redis.call('GET', aside)
  local h = raw and header(raw)
  local there = headerAt(target)
  if there and not dead(there) then rewritten = rewritten + 1
  elseif not h then expired = expired + 1
  elseif all or keys[key] or ARGV[i + 2] == '1' or dead({ tags = h.tags, epoch = since }) then covered = covered + 1
  else
    local from, to = string.find(raw, '"epoch":%d+')
    redis.call('SET', target, string.sub(raw, 1, from - 1) .. '"epoch":' .. e .. string.sub(raw, to + 1), 'PX', left)
    restored = restored + 1
  end
  redis.call('UNLINK', aside)
  redis.call('ZREM', list, key)
end
return { restored, rewritten, covered, expired }`
