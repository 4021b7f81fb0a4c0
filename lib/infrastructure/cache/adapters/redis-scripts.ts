/**
 * All keys of a namespace carry its hash tag, so that a script may build their names: `{ns}:meta` (generation g, epoch e, i: the
 * generation whose entries are all in the lists by tag, w: the epoch of the last entry that was written), `{ns}:tagged:<generation>:<tag>` (keys of the entries with that tag, by when they expire;
 * some may have changed since), `{ns}:swept:<epoch>` (such a list, while the entries that a tag's invalidation covers are removed),
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
  redis.call('HSET', p .. 'meta', 'g', ARGV[2], 'e', 0, 'i', ARGV[2])
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
local function beginningOf(key)
  for _, last in ipairs({ 255, 1023 }) do
    local raw = redis.call('GETRANGE', key, 0, last)
    if string.find(raw, '\\n', 1, true) then return raw end
  end
  return redis.call('GET', key) or ''
end
local function headerAt(key) return header(beginningOf(key)) end
local function olderThan(raw, epoch)
  local at = string.match(raw, '^{"epoch":(%d+)')
  return at and tonumber(at) < epoch
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
local function enlist(g, key, tags, ms)
  local t = redis.call('TIME')
  local at = t[1] * 1000 + math.floor(t[2] / 1000)
  for _, tag in ipairs(tags) do
    local set = p .. 'tagged:' .. g .. ':' .. tag
    if refused(redis.pcall('ZADD', set, string.format('%.0f', at + ms), key)) then
      redis.call('HDEL', p .. 'meta', 'i')
      return
    end
    -- More than are added, and never so many that others wait.
    local gone = redis.call('ZRANGEBYSCORE', set, '-inf', string.format('(%.0f', at), 'LIMIT', 0, 4)
    if #gone > 0 then redis.call('ZREM', set, unpack(gone)) end
    if redis.call('PTTL', set) < tonumber(ms) then redis.call('PEXPIRE', set, ms) end
  end
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
 * ARGV: prefix, fresh generation, key, its where as JSON, envelope's tail, value, TTL in ms; for a fill the generation (else empty) and epoch it
 * began under, token (or empty) and fence of its lease; its tags. Answers stored (1 or 0), generation, epoch.
 */
export const WRITE = `${META}
local g, e = stamp()
local key = ARGV[3]
local full = p .. 'g' .. g .. ':' .. key
local stored, tags = 1, {}
for i = 12, #ARGV do tags[#tags + 1] = ARGV[i] end
if ARGV[8] == '' then
  e = announce(g, ARGV[4])
else
  local fence = tonumber(ARGV[11])
  if g ~= ARGV[8] or covered(key, tags, tonumber(ARGV[9]), e) then stored = 0 end
  if stored == 1 and ARGV[10] ~= '' then
    local h = headerAt(full)
    local later = redis.call('HGET', p .. 'lease:' .. key, 'f')
    if (later and tonumber(later) > fence) or (h and not dead(h) and h.fence and h.fence > fence) then stored = 0 end
  end
end
if stored == 1 then
  redis.call('SET', full, '{"epoch":' .. e .. ARGV[5] .. '\\n' .. ARGV[6], 'PX', ARGV[7])
  redis.call('HSET', p .. 'meta', 'w', e)
  enlist(g, key, tags, ARGV[7])
end
if ARGV[10] ~= '' then release(key, ARGV[10]) end
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
