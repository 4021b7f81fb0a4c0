import type { Redis } from 'ioredis'
import type { QueueAddress, QueueMajor, RemoveStep } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { pairs } from './replay.ts'
import { script } from './script.ts'
import { WAKE } from './wake.ts'

const PIECE = 60
/** A run whose answer was lost is asked again within this time (seconds). */
const REMEMBERED = 7 * 24 * 3_600

/**
 * As BullMQ's own promote. KEYS: base. ARGV: major, run, seconds that it is remembered, ids. The run's hash keeps who was let go by it.
 * Answers: how many were by this run, and who stayed with the reason.
 */
const PROMOTE = `
local base, major = KEYS[1], tonumber(ARGV[1])
local run = base .. 'substation:' .. ARGV[2]
${WAKE}
local promoted, before, refused = 0, 0, {}
for i = 4, #ARGV do
  local id = ARGV[i]
  local fields = redis.pcall('HMGET', base .. id, 'priority', 'name', 'opts')
  if redis.call('HEXISTS', run, 'job:' .. id) == 1 then before = before + 1
  elseif fields.err or (not fields[2] and not fields[3]) then
    refused[#refused + 1] = id refused[#refused + 1] = 'there is no such job'
  elseif not redis.call('ZSCORE', base .. 'delayed', id) then
    refused[#refused + 1] = id refused[#refused + 1] = 'it is not delayed any more'
  else
    -- First what a Redis out of memory refuses: then nothing has happened yet.
    redis.call('HSET', run, 'job:' .. id, 1)
    redis.call('ZREM', base .. 'delayed', id)
    push(id, false, tonumber(fields[1]) or 0)
    redis.call('HSET', base .. id, 'delay', 0)
    tell('event', 'waiting', 'jobId', id, 'prev', 'delayed')
    promoted = promoted + 1
  end
end
if promoted > 0 then
  redis.call('EXPIRE', run, ARGV[3])
  wake()
end
return { promoted + before, refused }`

const promoteFew = script<[number, string[]]>(PROMOTE)

export async function promote(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  run: string,
  ids: readonly string[],
): Promise<RemoveStep> {
  const all: RemoveStep = { removed: 0, done: 0, examined: 0, refused: [], finished: true }
  const unique = [...new Set(ids)]
  for (let at = 0; at < unique.length; at += PIECE) {
    const piece = unique.slice(at, at + PIECE)
    const [promoted, refused] = await promoteFew(redis, [baseOf(queue)], [major, run, REMEMBERED, ...piece])
    all.removed += promoted
    all.done += promoted
    all.examined += piece.length
    all.refused.push(...pairs(refused))
  }
  return all
}
