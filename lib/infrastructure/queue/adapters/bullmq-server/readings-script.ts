import { TRACES } from './traces.ts'

/**
 * The figures of many queues in one step. KEYS: the beginning of all keys of each queue. ARGV: the time (ms) from which a dead letter counts
 * as recent, and 1 to include ages. One line per queue, its fields separated by tabs: empty for what does not exist, -1 for a key of
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
-- Since when a job waits: since it was added, its delay ended, or its last attempt.
local function since(call, base, id)
  if type(id) ~= 'string' then return nil end
  local fields = call('HMGET', base .. id, 'timestamp', 'processedOn', 'opts')
  local added = type(fields) == 'table' and tonumber(fields[1])
  if not added then return nil end
  local opts = fields[3]
  local delay = type(opts) == 'string' and #opts < 65536 and tonumber(string.match(opts, '"delay":(%d+)')) or 0
  return math.max(added + delay, tonumber(fields[2]) or 0)
end
-- The job that is next, and the number of jobs: in BullMQ 4, entries 0:… at either end are markers.
local function last(call, list, length, marks)
  local id = call('LINDEX', list, -1)
  if not marks then return id, length end
  local markers = 0
  if isMarker(id) then
    markers = 1
    id = call('LINDEX', list, -2)
  end
  if length > 1 and isMarker(call('LINDEX', list, 0)) then markers = markers + 1 end
  return id, length - markers
end
local wantsAges = ARGV[2] == '1'
local function line(call, base)
  local meta = call('HMGET', base .. 'meta', 'version', 'paused', 'concurrency')
  if type(meta) ~= 'table' then meta = { false, false, false } end
  local wait, inPaused = call('LLEN', base .. 'wait'), call('LLEN', base .. 'paused')
  local delayed, prioritized, failed = call('ZCARD', base .. 'delayed'), call('ZCARD', base .. 'prioritized'), call('ZCARD', base .. 'failed')
  local version = meta[1] or ''
  if #version > 60 or string.find(version, '%c') then version = string.gsub(string.sub(version, 1, 60), '%c', '?') end
  local next, nextPaused
  local marks = version == '' or string.sub(version, 1, 9) == 'bullmq:4.'
  if wait > 0 and (wantsAges or marks) then next, wait = last(call, base .. 'wait', wait, marks) end
  if inPaused > 0 and (wantsAges or marks) then nextPaused, inPaused = last(call, base .. 'paused', inPaused, marks) end
  -- A program with only flows or workers never writes meta, and obliterate() deletes it: the keys that every addition writes count too.
  local exists = version ~= '' and 1 or call('EXISTS', base .. 'meta', base .. 'events', base .. 'id')
  local traces = version == '' and exists > 0 and tracesOf(call, base, meta[2] and true or false, wait, inPaused) or ''
  -- One format call costs half as much as concatenating as many numbers.
  local text = string.format('%s\\t%d\\t%s\\t%d\\t%s\\t%d\\t%d\\t%d\\t%d\\t%d\\t%d\\t%d\\t%d',
    version, exists > 0 and 1 or 0, traces, meta[2] and 1 or 0, digits(meta[3]), wait, inPaused,
    call('LLEN', base .. 'active'), delayed, prioritized, call('ZCARD', base .. 'waiting-children'), call('ZCARD', base .. 'completed'), failed)
  if not wantsAges then return text end
  local first, due, newest, lately, oldestRecent = nil, '', '', 0, ''
  if prioritized > 0 then
    -- Of the least urgent priority, the one that has waited longest.
    local tail = call('ZRANGE', base .. 'prioritized', -1, -1, 'WITHSCORES')
    local band = math.floor(tonumber(tail[2]) / 4294967296) * 4294967296
    first = call('ZRANGEBYSCORE', base .. 'prioritized', string.format('%.0f', band), '+inf', 'LIMIT', 0, 1)[1]
  end
  if delayed > 0 then due = call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')[2] or '' end
  if failed > 0 then
    newest = call('ZRANGE', base .. 'failed', -1, -1, 'WITHSCORES')[2] or ''
    lately = call('ZCOUNT', base .. 'failed', ARGV[1], '+inf')
    if lately > 0 then oldestRecent = call('ZRANGEBYSCORE', base .. 'failed', ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2] or '' end
  end
  local oldest = since(call, base, next)
  local other = since(call, base, nextPaused)
  if other and (not oldest or other < oldest) then oldest = other end
  other = since(call, base, first)
  if other and (not oldest or other < oldest) then oldest = other end
  return string.format('%s\\t%d\\t%s\\t%s\\t%d\\t%s\\t%s', text, call('ZCARD', base .. 'repeat'), due, newest, lately, oldest and string.format('%.0f', oldest) or '', oldestRecent)
end
local lines = {}
for i, base in ipairs(KEYS) do
  -- A key of another type is rare: only then is every answer checked.
  local sound, text = pcall(line, redis.call, base)
  lines[i] = sound and text or line(careful, base)
end
return table.concat(lines, '\\n')`
