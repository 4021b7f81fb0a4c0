import type { Redis } from 'ioredis'
import type { QueueAddress, QueueMajor, RemoveStep } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { pairs } from './replay.ts'
import { script } from './script.ts'
import { WAKE } from './wake.ts'

const PIECE = 60

/** As BullMQ's own promote. KEYS: base. ARGV: major, ids. Answers: how many, and who stayed with the reason. */
const PROMOTE = `
local base, major = KEYS[1], tonumber(ARGV[1])
${WAKE}
local promoted, refused = 0, {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local fields = redis.pcall('HMGET', base .. id, 'priority', 'name', 'opts')
  if fields.err or (not fields[2] and not fields[3]) then
    refused[#refused + 1] = id refused[#refused + 1] = 'there is no such job'
  elseif redis.call('ZREM', base .. 'delayed', id) == 0 then
    refused[#refused + 1] = id refused[#refused + 1] = 'it is not delayed any more'
  else
    push(id, false, tonumber(fields[1]) or 0)
    redis.call('HSET', base .. id, 'delay', 0)
    tell('event', 'waiting', 'jobId', id, 'prev', 'delayed')
    promoted = promoted + 1
  end
end
if promoted > 0 then wake() end
return { promoted, refused }`

const promoteFew = script<[number, string[]]>(PROMOTE)

export async function promote(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  ids: readonly string[],
): Promise<RemoveStep> {
  const all: RemoveStep = { removed: 0, done: 0, examined: 0, refused: [], finished: true }
  for (let at = 0; at < ids.length; at += PIECE) {
    const piece = ids.slice(at, at + PIECE)
    const [promoted, refused] = await promoteFew(redis, [baseOf(queue)], [major, ...piece])
    all.removed += promoted
    all.done += promoted
    all.examined += piece.length
    all.refused.push(...pairs(refused))
  }
  return all
}
