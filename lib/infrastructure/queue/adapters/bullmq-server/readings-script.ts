/**
 * The figures of many queues in one step. KEYS: what all keys of each queue begin with. ARGV: the time (ms) from which a
 * dead letter counts as recent. For each queue a flat list; `false` stands for what is not there and -1 for a key of another type.
 * The order is that of READ in readings.ts.
 */
export const READINGS = `
local function read(...)
  local answer = redis.pcall(...)
  if type(answer) == 'table' and answer.err then return -1 end
  return answer
end
local function fieldsOf(base, id)
  if type(id) ~= 'string' then return false, false, false end
  local fields = read('HMGET', base .. id, 'timestamp', 'processedOn', 'opts')
  if type(fields) ~= 'table' then return false, false, false end
  local delay = type(fields[3]) == 'string' and #fields[3] < 65536 and string.match(fields[3], '"delay":(%d+)') or false
  return fields[1], fields[2], delay
end
local function isMarker(id)
  return type(id) == 'string' and string.sub(id, 1, 2) == '0:'
end
-- The one that is worked on next, and how many jobs there are: entries 0:… at either end are markers of BullMQ 4.
local function last(list, length)
  if length < 1 then return false, length end
  local id = read('LINDEX', list, -1)
  local markers = isMarker(id) and 1 or 0
  if markers == 1 then id = read('LINDEX', list, -2) end
  if length > 1 and isMarker(read('LINDEX', list, 0)) then markers = markers + 1 end
  return id, length - markers
end
local answers = {}
for i, base in ipairs(KEYS) do
  local meta = read('HMGET', base .. 'meta', 'version', 'paused', 'concurrency')
  if type(meta) ~= 'table' then meta = { false, false, false } end
  local wait, inPaused = read('LLEN', base .. 'wait'), read('LLEN', base .. 'paused')
  local next, nextPaused
  next, wait = last(base .. 'wait', wait)
  nextPaused, inPaused = last(base .. 'paused', inPaused)
  local prioritized = read('ZCARD', base .. 'prioritized')
  local first = false
  if prioritized > 0 then
    -- Of the least urgent priority, the one that has waited longest.
    local tail = redis.call('ZRANGE', base .. 'prioritized', -1, -1, 'WITHSCORES')
    local band = math.floor(tonumber(tail[2]) / 4294967296) * 4294967296
    first = redis.call('ZRANGEBYSCORE', base .. 'prioritized', string.format('%.0f', band), '+inf', 'LIMIT', 0, 1)[1] or false
  end
  local delayed, failed = read('ZCARD', base .. 'delayed'), read('ZCARD', base .. 'failed')
  local due, died, lately = false, false, 0
  if delayed > 0 then due = redis.call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')[2] or false end
  if failed > 0 then
    died = redis.call('ZRANGE', base .. 'failed', -1, -1, 'WITHSCORES')[2] or false
    lately = redis.call('ZCOUNT', base .. 'failed', ARGV[1], '+inf')
  end
  local a1, a2, a3 = fieldsOf(base, next)
  local b1, b2, b3 = fieldsOf(base, nextPaused)
  local c1, c2, c3 = fieldsOf(base, first)
  answers[i] = {
    redis.call('EXISTS', base .. 'meta'), meta[1], meta[2], meta[3], wait, inPaused, read('LLEN', base .. 'active'), delayed, prioritized,
    read('ZCARD', base .. 'waiting-children'), read('ZCARD', base .. 'completed'), failed, read('ZCARD', base .. 'repeat'),
    due, died, lately, read('HGET', base .. 'metrics:completed', 'count'), read('HGET', base .. 'metrics:failed', 'count'),
    a1, a2, a3, b1, b2, b3, c1, c2, c3
  }
end
return answers`
