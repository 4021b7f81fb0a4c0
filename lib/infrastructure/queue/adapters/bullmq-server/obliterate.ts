import type { Redis } from 'ioredis'
import type { QueueAddress, RemoveStep } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { REMOVE } from './remove.ts'
import { script } from './script.ts'
import { pairs, REMEMBERED } from './step.ts'

/** Jobs in one step. */
const PIECE = 50

/**
 * KEYS: base. ARGV: run, most in one step, seconds that the run is kept. Paused first, so that no worker begins another job. A scheduler's settings are removed like
 * a job; the rest goes in the last step. Answers: removed, the job at which it stopped with the reason, removed by the run, whether it is over.
 */
const OBLITERATE_NEXT = `
local base = KEYS[1]
local run, most = base .. 'substation:' .. ARGV[1], tonumber(ARGV[2])
${REMOVE}
if redis.call('HGET', run, 'gone') then return { 0, {}, tonumber(redis.call('HGET', run, 'done')), 1 } end
redis.call('HSET', base .. 'meta', 'paused', 1)
local removed, stopped = 0, {}
local function take(set, isList)
  local ids = redis.pcall(isList and 'LRANGE' or 'ZRANGE', base .. set, 0, most - 1)
  if ids.err or #ids == 0 then return false end
  for _, id in ipairs(ids) do
    if set == 'active' and redis.call('EXISTS', base .. id .. ':lock') == 1 then
      stopped = { id, 'a worker is processing it' }
      return true
    end
    if isList then redis.call('LREM', base .. set, 1, id) else redis.call('ZREM', base .. set, id) end
    if set == 'repeat' then redis.call('DEL', base .. 'repeat:' .. id)
    elseif not isForeign(id) and not namesQueue(id) then
      drop(id)
      if not (isList and string.sub(id, 1, 2) == '0:') then removed = removed + 1 end
    end
  end
  return true
end
local more = false
for _, set in ipairs({ 'active', 'wait', 'paused', 'prioritized', 'delayed', 'waiting-children', 'failed', 'completed', 'repeat' }) do
  if take(set, set == 'active' or set == 'wait' or set == 'paused') then more = true break end
end
local done = redis.call('HINCRBY', run, 'done', removed)
if not more then
  for _, suffix in ipairs({ 'active', 'wait', 'paused', 'prioritized', 'delayed', 'waiting-children', 'failed', 'completed', 'repeat', 'events', 'delay',
    'stalled-check', 'stalled', 'id', 'pc', 'marker', 'meta', 'limiter', 'priority', 'metrics:completed', 'metrics:completed:data', 'metrics:failed', 'metrics:failed:data' }) do
    redis.call('DEL', base .. suffix)
  end
  redis.call('HSET', run, 'gone', 1)
end
redis.call('EXPIRE', run, ARGV[3])
return { removed, stopped, done, (not more or stopped[1]) and 1 or 0 }`

const obliteratePiece = script<[number, string[], number, number]>(OBLITERATE_NEXT)

export async function obliterateNext(redis: Redis, queue: QueueAddress, run: string): Promise<RemoveStep> {
  const [removed, stopped, done, over] = await obliteratePiece(redis, [baseOf(queue)], [run, PIECE, REMEMBERED])
  return { removed, done, examined: removed, refused: pairs(stopped), finished: over === 1 }
}
