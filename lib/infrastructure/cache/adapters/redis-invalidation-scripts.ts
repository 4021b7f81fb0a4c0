import { META } from './redis-scripts.ts'

/**
 * ARGV: prefix, fresh generation, by, subject, where as JSON, ms after which no entry can still have a tag, name to set aside
 * under (or empty) and for how many ms. Answers generation, epoch, generation before, epoch before, number deleted (-1: not
 * known yet), how many of them were set aside, their bytes, and Redis' error when it refused to; then 1 when what a tag covers is listed.
 */
export const INVALIDATE = `${META}
local g, e = stamp()
local by, subject, name = ARGV[3], ARGV[4], ARGV[7]
local current, deleted, listed = g, -1, 0
-- A full Redis refuses commands that may need memory, unless the script has written before: so we unlink a key, and set nothing aside.
if refused(redis.pcall('HINCRBY', p .. 'meta', 'e', 0)) then
  redis.call('UNLINK', p .. 'room')
  name = ''
end
if by == 'all' then
  current = string.format('%.0f', redis.call('HINCRBY', p .. 'meta', 'g', 1))
  redis.call('HSET', p .. 'meta', 'i', current)
end
local epoch = announce(current, ARGV[5])
if by == 'key' then
  local key = p .. 'g' .. g .. ':' .. subject
  deleted = take(key, headerAt(key), epoch, name, ARGV[8])
end
if by == 'tag' then
  redis.call('HSET', p .. 'tags', subject, epoch)
  redis.call('PEXPIRE', p .. 'tags', ARGV[6])
  local set = p .. 'tagged:' .. g .. ':' .. subject
  listed = redis.call('HGET', p .. 'meta', 'i') == g and 1 or 0
  if listed == 1 and redis.call('EXISTS', set) == 1 and refused(redis.pcall('RENAME', set, p .. 'swept:' .. epoch)) then
    listed, trouble = 0, ''
  end
end
return { current, epoch, g, e, deleted, kept, bytes, trouble, listed }`

/** Removes those of the keys that are older than the epoch (below 0: of any age) and carry the tag, if any; `name` and `ms` as below. */
const REAPING = `${META}
local function reap(keys, from, tag, epoch, name, ms)
  local n, gone, call, old = 0, {}, redis.call, olderThan
  if tag == '' and name == '' then
    -- Most are removed without setting anything aside: then the epoch, which is at the beginning, is enough; and where nothing was written since
    -- the invalidation, all are older.
    local written = tonumber(call('HGET', p .. 'meta', 'w') or epoch)
    for i = from, #keys do
      if epoch < 0 or written < epoch or old(call('GETRANGE', keys[i], 0, 30), epoch) then
        n = n + 1
        gone[n] = keys[i]
      end
    end
    return n > 0 and call('UNLINK', unpack(gone)) or 0
  end
  for i = from, #keys do
    local key = keys[i]
    local h = headerAt(key)
    local outdated = epoch < 0 or (h and h.epoch < epoch)
    if outdated and (tag == '' or (h and has(h.tags, tag))) then n = n + take(key, h, epoch, name, ms) end
  end
  return n
end
`

/**
 * ARGV: prefix, -, tag or empty, epoch (-1: of any age), name to set aside under (or empty) and for how many ms, full keys.
 * Removes those that are older. Answers how many, how many of them were set aside, their bytes, and Redis' error when it refused to.
 */
export const REAP = `${REAPING}
local n = reap(ARGV, 7, ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6])
return { n, kept, bytes, trouble }`

/** ARGV: as REAP's, but in place of keys the cursor, MATCH and COUNT of a SCAN. Answers as REAP does, then the next cursor. */
export const SCAN_AND_REAP = `${REAPING}
local cursor, keys = unpack(redis.call('SCAN', ARGV[7], 'MATCH', ARGV[8], 'COUNT', ARGV[9]))
local n = reap(keys, 1, ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6])
return { n, kept, bytes, trouble, cursor }`

/**
 * ARGV: prefix, -, tag as JSON, epoch and generation of its invalidation, name to set aside under (or empty) and for how many ms, how many entries of
 * those listed to examine now, and from which on. Answers as REAP does, then how many were examined; after the last the list is removed.
 */
export const REAP_LISTED = `${META}
local n, epoch, gone = 0, tonumber(ARGV[4]), {}
local list, most = p .. 'swept:' .. ARGV[4], tonumber(ARGV[8])
local listed = redis.call('ZRANGE', list, ARGV[9], ARGV[9] + most - 1)
for i = 1, #listed do
  local key = p .. 'g' .. ARGV[5] .. ':' .. listed[i]
  local raw = beginningOf(key)
  -- It may have been written again, with other tags or later.
  local tags = olderThan(raw, epoch) and string.find(raw, '"tags":[', 1, true)
  local at = tags and string.find(raw, ARGV[3], tags, true)
  if at and at < string.find(raw, '\\n', 1, true) then
    if ARGV[6] == '' then gone[#gone + 1] = key else n = n + take(key, header(raw), epoch, ARGV[6], ARGV[7]) end
  end
end
if #gone > 0 then n = n + redis.call('UNLINK', unpack(gone)) end
if #listed < most then redis.call('UNLINK', list) end
return { n, kept, bytes, trouble, #listed }`

/** ARGV: prefix, fresh generation, tag. Answers the generation, then the list of its entries, or nil when not all are listed. */
export const LISTED = `${META}
local g = stamp()
return { g, redis.call('HGET', p .. 'meta', 'i') == g and p .. 'tagged:' .. g .. ':' .. ARGV[3] or false }`

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

/**
 * ARGV: prefix, -, tag or empty, moment in ms, full keys. Answers those that are alive (and carry the tag), and whose factory began, or that were
 * set, before that.
 */
export const MADE_BEFORE = `${META}
local out, at = {}, tonumber(now())
for i = 5, #ARGV do
  local h = headerAt(ARGV[i])
  if h and h.hard and (ARGV[3] == '' or has(h.tags, ARGV[3])) and not dead(h) then
    local stored = at - (h.hard - redis.call('PTTL', ARGV[i]))
    if stored - (h.made or 0) < tonumber(ARGV[4]) then out[#out + 1] = ARGV[i] end
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
    enlist(g, key, h.tags or {}, left)
    redis.call('HSET', p .. 'meta', 'w', e)
    restored = restored + 1
  end
  redis.call('UNLINK', aside)
  redis.call('ZREM', list, key)
end
return { restored, rewritten, covered, expired }`
