import { SINCE } from './bullmq-server/since.ts'

/** For so long a request to cancel is kept for a worker that takes the job over from one that crashed (ms). */
export const KEEP_CANCELS_MS = 3_600_000

/** Jobs under way that are to end, of one queue: by id, when the attempt began that was under way (ms). */
export const CANCELS = 'substation:cancels'

/**
 * Asks for the end of a job that is under way. KEYS: job, its lock, cancels, completed, failed. ARGV: id, how long the request is kept (ms).
 * Answers 1, 0 (it is not under way and can be removed), -1 (no such job) or -3 (it has ended).
 */
export const CANCEL = `
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('ZSCORE', KEYS[4], ARGV[1]) or redis.call('ZSCORE', KEYS[5], ARGV[1]) then return -3 end
if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
redis.call('HSET', KEYS[3], ARGV[1], redis.call('HGET', KEYS[1], 'processedOn') or 0)
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1`

/**
 * Replays a dead letter of BullMQ 6 as it was added, with its delay and priority, which BullMQ's own retry ignores.
 * The steps are those of its reprocessJob and addDelayedJob. KEYS: job, failed, wait, prioritized, priority counter,
 * delayed, marker, meta, active, events, cancels. ARGV: id, now in ms. Answers 1, -1 (no such job) or -3 (not a dead letter).
 */
export const REPLAY = `
local job, id = KEYS[1], ARGV[1]
if redis.call('EXISTS', job) == 0 then return -1 end
if redis.call('ZREM', KEYS[2], id) == 0 then return -3 end
local opts = cjson.decode(redis.call('HGET', job, 'opts') or '{}')
local delay = tonumber(opts.delay) or 0
local priority = tonumber(redis.call('HGET', job, 'priority')) or 0
redis.call('HDEL', job, 'finishedOn', 'processedOn', 'failedReason', 'atm', 'ats')
redis.call('HDEL', KEYS[11], id)
redis.call('HSET', job, '${SINCE}', string.format('%.0f:0', tonumber(ARGV[2]) + delay))
local parent = redis.call('HGET', job, 'parentKey')
if parent and redis.call('EXISTS', parent) == 1 then
  if redis.call('ZREM', parent .. ':unsuccessful', job) == 1 or redis.call('HDEL', parent .. ':failed', job) == 1 then
    redis.call('SADD', parent .. ':dependencies', job)
  end
end
local events = redis.call('HGET', KEYS[8], 'opts.maxLenEvents') or 10000
if delay > 0 then
  local at = tonumber(ARGV[2]) + delay
  redis.call('HSET', job, 'delay', delay)
  local first, last = at * 4096, (at + 1) * 4096 - 1
  local newest = redis.call('ZREVRANGEBYSCORE', KEYS[6], last, first, 'WITHSCORES', 'LIMIT', 0, 1)
  local score = newest[2] and math.min(tonumber(newest[2]) + 1, last) or first
  redis.call('ZADD', KEYS[6], string.format('%.0f', score), id)
  redis.call('XADD', KEYS[10], 'MAXLEN', '~', events, '*', 'event', 'delayed', 'jobId', id, 'delay', string.format('%.0f', at))
  local next = redis.call('ZRANGE', KEYS[6], 0, 0, 'WITHSCORES')
  redis.call('ZADD', KEYS[7], tonumber(next[2]) / 4096, '1')
  return 1
end
if priority > 0 then
  local turn = redis.call('INCR', KEYS[5])
  redis.call('ZADD', KEYS[4], string.format('%.0f', priority * 4294967296 + turn % 4294967296), id)
else
  redis.call(opts.lifo and 'RPUSH' or 'LPUSH', KEYS[3], id)
end
local meta = redis.call('HMGET', KEYS[8], 'paused', 'concurrency')
local full = meta[2] and redis.call('LLEN', KEYS[9]) >= tonumber(meta[2])
if not meta[1] and not full then redis.call('ZADD', KEYS[7], 0, '0') end
redis.call('XADD', KEYS[10], 'MAXLEN', '~', events, '*', 'event', 'waiting', 'jobId', id, 'prev', 'failed')
return 1`
