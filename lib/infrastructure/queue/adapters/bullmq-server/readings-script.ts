import { ATTEMPTS, ATTEMPTS_OF, SINCE } from './since.ts'
import { TRACES } from './traces.ts'

/** How many of the active jobs are checked for a lock, and how many of those that come next for how long they wait. */
const ORPHANS_EXAMINED = 8
const NEXT = 4

/**
 * The figures of many queues in one step. KEYS: the beginning of all keys of each queue. ARGV: the time (ms) from which a dead letter counts
 * as recent, 1 to include ages, and the time (ms). One line per queue, its fields separated by tabs: empty for what does not exist, -1 for a key of
 * another type. One text is read ten times as fast as thousands of small answers. The order is that of `toReading`.
 */
export const READINGS = `
${TRACES}
local function careful(...)
  local answer = redis.pcall(...)
  if type(answer) == 'table' and answer.err then return -1 end
  return answer
end
-- A foreign value in place of a number must not break the line.
local function digits(value)
  return type(value) == 'string' and string.match(value, '^%d+$') or ''
end
local function isMarker(id)
  return type(id) == 'string' and string.sub(id, 1, 2) == '0:'
end
${ATTEMPTS_OF}
-- Since when a job waits, or nothing where that is not known: BullMQ keeps only when a job was added and when its last attempt began.
-- The acts of this library note the time. Known too: a job that was never tried, from its due time on.
local function since(call, base, id)
  local fields = call('HMGET', base .. id, 'timestamp', 'opts', '${SINCE}', 'processedOn', ${ATTEMPTS})
  if type(fields) ~= 'table' then return nil end
  local attempts, added = attemptsOf(fields, 5), tonumber(fields[1])
  local noted, before = string.match(fields[3] or '', '^(%d+):(%d+)$')
  if noted and tonumber(before) == attempts then return tonumber(noted) end
  if attempts > 0 or fields[4] or not added then return nil end
  local opts = fields[2]
  local delay = type(opts) == 'string' and #opts < 65536 and tonumber(string.match(opts, '"delay":(%d+)')) or 0
  -- Before its due time it was promoted, nobody knows when.
  return added + delay <= tonumber(ARGV[3]) and added + delay or nil
end
-- Of the first of those that come next of which it is known: of one that waits again after an attempt it is not. Mostly that is the very first,
-- so the others are only then asked for.
local function firstSince(call, base, first, others)
  local at = first and not isMarker(first) and since(call, base, first)
  if at then return at end
  local ids = others()
  for i = 1, #ids do
    at = not isMarker(ids[i]) and since(call, base, ids[i])
    if at then return at end
  end
end
local function sinceInList(call, base, list)
  return firstSince(call, base, call('LINDEX', list, -1), function()
    local ids, turned = call('LRANGE', list, -${NEXT}, -2), {}
    for i = #ids, 1, -1 do turned[#turned + 1] = ids[i] end
    return turned
  end)
end
-- Of the least urgent priority, the one that has waited longest.
local function sinceInPriorities(call, base)
  local key = base .. 'prioritized'
  local tail = call('ZRANGE', key, -1, -1, 'WITHSCORES')
  local band = string.format('%.0f', math.floor(tonumber(tail[2]) / 4294967296) * 4294967296)
  return firstSince(call, base, call('ZRANGEBYSCORE', key, band, '+inf', 'LIMIT', 0, 1)[1], function()
    return call('ZRANGEBYSCORE', key, band, '+inf', 'LIMIT', 1, ${NEXT} - 1)
  end)
end
-- The number of jobs in a list: in BullMQ 4, entries 0:… at either end are markers.
local function jobsIn(call, list, length, marks)
  if not marks or length <= 0 then return length end
  local markers = isMarker(call('LINDEX', list, -1)) and 1 or 0
  if length > 1 and isMarker(call('LINDEX', list, 0)) then markers = markers + 1 end
  return length - markers
end
-- Of the active jobs that were taken first, how many have no lock: their workers stopped, or are blocked for longer than the lock lasts.
local function orphansOf(call, base)
  local ids = call('LRANGE', base .. 'active', -${ORPHANS_EXAMINED}, -1)
  if type(ids) ~= 'table' then return 0 end
  local locks = {}
  for i, id in ipairs(ids) do locks[i] = base .. id .. ':lock' end
  return #ids - (#locks > 0 and call('EXISTS', unpack(locks)) or 0)
end
local wantsAges = ARGV[2] == '1'
local function line(call, base)
  local meta = call('HMGET', base .. 'meta', 'version', 'paused', 'concurrency')
  if type(meta) ~= 'table' then meta = { false, false, false } end
  local wait, inPaused = call('LLEN', base .. 'wait'), call('LLEN', base .. 'paused')
  local delayed, prioritized, failed = call('ZCARD', base .. 'delayed'), call('ZCARD', base .. 'prioritized'), call('ZCARD', base .. 'failed')
  local version = meta[1] or ''
  if #version > 60 or string.find(version, '%c') then version = string.gsub(string.sub(version, 1, 60), '%c', '?') end
  local marks = version == '' or string.sub(version, 1, 9) == 'bullmq:4.'
  wait, inPaused = jobsIn(call, base .. 'wait', wait, marks), jobsIn(call, base .. 'paused', inPaused, marks)
  local active = call('LLEN', base .. 'active')
  -- A program with only flows or workers never writes meta, and obliterate() deletes it: the keys that every addition writes count too.
  local exists = version ~= '' and 1 or call('EXISTS', base .. 'meta', base .. 'events', base .. 'id')
  local traces = version == '' and exists > 0 and tracesOf(call, base, meta[2] and true or false, wait, inPaused) or ''
  -- One format call costs half as much as concatenating as many numbers.
  local text = string.format('%s\\t%d\\t%s\\t%d\\t%s\\t%d\\t%d\\t%d\\t%d\\t%d\\t%d\\t%d\\t%d',
    version, exists > 0 and 1 or 0, traces, meta[2] and 1 or 0, digits(meta[3]), wait, inPaused,
    active, delayed, prioritized, call('ZCARD', base .. 'waiting-children'), call('ZCARD', base .. 'completed'), failed)
  if not wantsAges then return text end
  local due, newest, lately, oldestRecent = '', '', 0, ''
  if delayed > 0 then due = call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')[2] or '' end
  if failed > 0 then
    newest = call('ZRANGE', base .. 'failed', -1, -1, 'WITHSCORES')[2] or ''
    lately = call('ZCOUNT', base .. 'failed', ARGV[1], '+inf')
    if lately > 0 then oldestRecent = call('ZRANGEBYSCORE', base .. 'failed', ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2] or '' end
  end
  local oldest = prioritized > 0 and sinceInPriorities(call, base) or nil
  local waited = wait > 0 and sinceInList(call, base, base .. 'wait')
  if waited and (not oldest or waited < oldest) then oldest = waited end
  waited = inPaused > 0 and sinceInList(call, base, base .. 'paused')
  if waited and (not oldest or waited < oldest) then oldest = waited end
  local orphans = active > 0 and orphansOf(call, base) or 0
  return string.format('%s\\t%d\\t%s\\t%s\\t%d\\t%s\\t%s\\t%d', text, call('ZCARD', base .. 'repeat'), due, newest, lately, oldest and string.format('%.0f', oldest) or '', oldestRecent, orphans)
end
local lines = {}
for i, base in ipairs(KEYS) do
  -- A key of another type is rare: only then is every answer checked.
  local sound, text = pcall(line, redis.call, base)
  lines[i] = sound and text or line(careful, base)
end
return table.concat(lines, '\\n')`
