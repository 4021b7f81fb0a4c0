import type { Redis } from 'ioredis'
import type { QueueAddress, RemoveStep } from '../../server-port.ts'
import { MOVED } from './kept-state.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'
import { onChosen, pairs, REMEMBERED, STEP } from './step.ts'
import { WHY_NOT_REMOVED } from './why-not.ts'

const PIECE = 40

/**
 * Expects `state`, the key of the run. Defines `parts`, what belongs to a job besides its hash, and `aside(id, part)`: where it is kept. With the
 * length of the id, so that no two jobs share a key.
 */
const ASIDE = `
local parts = { '', ':logs', ':dependencies', ':processed', ':failed', ':unsuccessful' }
local function aside(id, part) return state .. ':kept:' .. #id .. ':' .. id .. part end
`

/**
 * KEYS: base. ARGV: run, seconds that the run is kept, ms that the jobs are kept, ids. Every key of a job is renamed, so that it is the same
 * one when it comes back. Answers: discarded by this run, and those that stayed with the reason.
 */
const DISCARD = `
local base, run = KEYS[1], ARGV[1]
local state = base .. 'substation:' .. run
${WHY_NOT_REMOVED}
${ASIDE}
local maxEvents = redis.call('HGET', base .. 'meta', 'opts.maxLenEvents') or 10000
local discarded, refused, moved = 0, {}, {}
for i = 4, #ARGV do
  local id, job = ARGV[i], base .. ARGV[i]
  if redis.call('HEXISTS', state, 'job:' .. id) == 1 then discarded = discarded + 1
  else
    local score = redis.call('ZSCORE', base .. 'failed', id)
    local why = not score and 'it is no longer a dead letter' or whyNotRemoved(id)
    if why then refused[#refused + 1] = id refused[#refused + 1] = why
    else
      local unique = redis.pcall('HGET', job, 'deid')
      local isUnique = type(unique) == 'string' and redis.call('GET', base .. 'de:' .. unique) == id
      local kept = { score = score, unique = isUnique and unique or false, left = isUnique and redis.call('PTTL', base .. 'de:' .. unique) or false }
      redis.call('HSET', state, 'job:' .. id, cmsgpack.pack(kept))
      for _, part in ipairs(parts) do
        if redis.call('EXISTS', job .. part) == 1 then
          redis.call('RENAME', job .. part, aside(id, part))
          redis.call('PEXPIRE', aside(id, part), ARGV[3])
        end
      end
      if isUnique then redis.call('DEL', base .. 'de:' .. unique) end
      redis.call('SREM', base .. 'stalled', id)
      redis.call('ZREM', base .. 'failed', id)
      redis.call('XADD', base .. 'events', 'MAXLEN', '~', maxEvents, '*', 'event', 'removed', 'jobId', id, 'prev', 'failed')
      moved[#moved + 1] = id
      discarded = discarded + 1
    end
  end
end
if #moved > 0 then
  redis.call('RPUSH', state .. '${MOVED}', unpack(moved))
  redis.call('EXPIRE', state .. '${MOVED}', ARGV[2])
  redis.call('EXPIRE', state, ARGV[2])
end
return { discarded, refused }`

/** ARGV: those of `onChosen`. */
const RESTORE = `
${STEP}
${ASIDE}
local moved, refused = 0, {}
for i = 5, #ARGV do
  local id, job = ARGV[i], base .. ARGV[i]
  local packed = redis.call('HGET', state, 'job:' .. id)
  local why
  if not packed then why = 'it is already back'
  elseif redis.call('EXISTS', aside(id, '')) == 0 then why = 'it is no longer kept'
  elseif redis.call('EXISTS', job) == 1 then why = 'another job with its id was added since' end
  if why then
    if packed then refused[#refused + 1] = id refused[#refused + 1] = why end
  else
    local kept = cmsgpack.unpack(packed)
    for _, part in ipairs(parts) do
      if redis.call('EXISTS', aside(id, part)) == 1 then
        redis.call('RENAME', aside(id, part), job .. part)
        redis.call('PERSIST', job .. part)
      end
    end
    if kept.unique and kept.left > 0 then redis.call('SET', base .. 'de:' .. kept.unique, id, 'PX', kept.left, 'NX')
    elseif kept.unique then redis.call('SET', base .. 'de:' .. kept.unique, id, 'NX') end
    redis.call('ZADD', base .. 'failed', kept.score, id)
    redis.call('HDEL', state, 'job:' .. id)
    moved = moved + 1
  end
end
return { moved, moved, #ARGV - 4, 1, refused }`

const discardFew = script<[discarded: number, refused: string[]]>(DISCARD)

export async function discard(
  redis: Redis,
  queue: QueueAddress,
  run: string,
  ids: readonly string[],
  keepMs: number,
): Promise<RemoveStep> {
  const all: RemoveStep = { removed: 0, done: 0, examined: 0, refused: [], finished: true }
  for (let at = 0; at < ids.length; at += PIECE) {
    const piece = ids.slice(at, at + PIECE)
    const [removed, refused] = await discardFew(redis, [baseOf(queue)], [run, REMEMBERED, keepMs, ...piece])
    all.removed += removed
    all.done += removed
    all.examined += piece.length
    all.refused.push(...pairs(refused))
  }
  return all
}

export const restoreDiscarded = onChosen(RESTORE, PIECE)
