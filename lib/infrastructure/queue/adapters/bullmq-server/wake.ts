/**
 * Lua shared by the acts: how BullMQ of each major is notified of jobs. Expects `base` and `major`; defines `target`, `isPaused`, `isFull`,
 * `push(id, lifo, priority)`, `wake()`, which adds everything pushed to the list at once and must come last, `delayUntil(id, at)`, and `emit(...)` for events.
 *
 * 4 wakes by the wait list itself, into which a marker `0:…` goes when there is nothing else; 5 and 6 by a sorted set `marker`.
 * While paused, 4 and 5 keep jobs in the list `paused` and 6 in `wait` (getTargetQueueList, isQueuePausedOrMaxed, addBaseMarkerIfNeeded).
 */
export const WAKE = `
-- A step that failed half way would leave a job in two lists or in none, so what could make it fail is checked first.
local function mustBe(suffix, kind)
  local found = redis.call('TYPE', base .. suffix).ok
  if found ~= kind and found ~= 'none' then error({ err = 'ERR foreign key: ' .. suffix .. ' of this queue is a ' .. found .. ', not a ' .. kind }) end
end
mustBe('wait', 'list') mustBe('paused', 'list') mustBe('prioritized', 'zset') mustBe('delayed', 'zset') mustBe('failed', 'zset')
mustBe('events', 'stream') mustBe('marker', 'zset') mustBe('pc', 'string')
local meta = redis.call('HMGET', base .. 'meta', 'paused', 'concurrency', 'opts.maxLenEvents')
local isPaused = meta[1] and true or false
local isFull = meta[2] and major > 4 and redis.call('LLEN', base .. 'active') >= tonumber(meta[2])
local maxEvents = meta[3] or 10000
local target = base .. (isPaused and major < 6 and 'paused' or 'wait')
local events, emitted = base .. 'events', 0
-- The stream is trimmed by the first event of a step and then by every hundredth: each trimming costs a third of the event.
local function emit(...)
  if emitted % 100 == 0 then redis.call('XADD', events, 'MAXLEN', '~', maxEvents, '*', ...)
  else redis.call('XADD', events, '*', ...) end
  emitted = emitted + 1
end
local pushed, ranked = {}, false
local function push(id, lifo, priority)
  if priority > 0 then
    local turn = redis.call('INCR', base .. 'pc')
    redis.call('ZADD', base .. 'prioritized', string.format('%.0f', priority * 4294967296 + turn % 4294967296), id)
    ranked = true
  elseif lifo then redis.call('RPUSH', target, id)
  else pushed[#pushed + 1] = id end
end
local function wake()
  -- While there are jobs, a marker of BullMQ 4 wakes a worker needlessly, and one for later keeps prioritized jobs waiting.
  local marker = major == 4 and redis.call('LINDEX', target, 0)
  if marker and string.sub(marker, 1, 2) == '0:' and (ranked or #pushed > 0 or redis.call('LLEN', target) > 1) then redis.call('LPOP', target) end
  if major == 4 and ranked and #pushed == 0 and not isPaused and redis.call('LLEN', target) == 0 then redis.call('LPUSH', target, '0:0') end
  if #pushed > 0 then redis.call('LPUSH', target, unpack(pushed)) end
  if major > 4 and not isPaused and not isFull then redis.call('ZADD', base .. 'marker', 0, '0') end
end
local function wakeForDelayed()
  local first = redis.call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')
  if not first[2] then return end
  local at = string.format('%.0f', math.floor(tonumber(first[2]) / 4096))
  if major > 4 then redis.call('ZADD', base .. 'marker', at, '1') return end
  local length = redis.call('LLEN', target)
  if length == 0 then redis.call('LPUSH', target, '0:' .. at) return end
  local marker = redis.call('LINDEX', target, 0)
  if length == 1 and string.sub(marker, 1, 2) == '0:' and tonumber(string.sub(marker, 3)) > tonumber(at) then
    redis.call('LSET', target, 0, '0:' .. at)
  end
end
-- The score is the time and a turn among those of the same time.
local function delayUntil(id, at)
  local first, last = at * 4096, (at + 1) * 4096 - 1
  local newest = redis.call('ZREVRANGEBYSCORE', base .. 'delayed', string.format('%.0f', last), string.format('%.0f', first), 'WITHSCORES', 'LIMIT', 0, 1)
  local score = newest[2] and math.min(tonumber(newest[2]) + 1, last) or first
  redis.call('ZADD', base .. 'delayed', string.format('%.0f', score), id)
  emit('event', 'delayed', 'jobId', id, 'delay', string.format('%.0f', at))
  wakeForDelayed()
end
`
