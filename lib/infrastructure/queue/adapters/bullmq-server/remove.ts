import type { Redis } from 'ioredis'
import type { JobFilter, QueueAddress, RemoveStep } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { matchBy, toArgument } from './match.ts'
import { script } from './script.ts'
import { pairs, REMEMBERED } from './step.ts'
import { WHY_NOT_REMOVED } from './why-not.ts'

/** Jobs in one step: fewer when they may have to be searched for in a long list. */
const PIECE = 60
const PIECE_ANYWHERE = 10

/** Expects `base`; `drop(id)` removes everything that belongs to a job. */
export const REMOVE = `
${WHY_NOT_REMOVED}
local function drop(id)
  local job = base .. id
  local unique = redis.call('HGET', job, 'deid')
  if unique and redis.call('GET', base .. 'de:' .. unique) == id then redis.call('DEL', base .. 'de:' .. unique, base .. 'dn:' .. unique) end
  redis.call('SREM', base .. 'stalled', id)
  redis.call('DEL', job, job .. ':logs', job .. ':dependencies', job .. ':processed', job .. ':failed', job .. ':unsuccessful')
end
local maxEvents = redis.call('HGET', base .. 'meta', 'opts.maxLenEvents') or 10000
local function emit(id, state)
  redis.call('XADD', base .. 'events', 'MAXLEN', '~', maxEvents, '*', 'event', 'removed', 'jobId', id, 'prev', state)
end
`

/**
 * Chosen ones in any state. KEYS: base. ARGV: run, seconds that it is kept, 1 when those of its flow go too, ids. The run's hash keeps which it has removed. Answers: the
 * number removed by this run, and those that stayed, each with the reason.
 */
const REMOVE_CHOSEN = `
local base = KEYS[1]
local run = base .. 'substation:' .. ARGV[1]
${REMOVE}
local function takeOut(id)
  for _, state in ipairs({ 'failed', 'completed', 'delayed', 'prioritized', 'waiting-children' }) do
    if redis.call('ZREM', base .. state, id) == 1 then return state end
  end
  for _, state in ipairs({ 'wait', 'paused', 'active' }) do
    if redis.call('LREM', base .. state, -1, id) == 1 then return state end
  end
end
local removed, refused = 0, {}
for i = 4, #ARGV do
  local id = ARGV[i]
  if redis.call('HEXISTS', run, 'job:' .. id) == 1 then removed = removed + 1
  else
    local why = not isJob(id) and 'there is no such job' or whyNotRemoved(id, ARGV[3] == '1')
    local state = not why and takeOut(id)
    if why then refused[#refused + 1] = id refused[#refused + 1] = why
    else
      redis.call('HSET', run, 'job:' .. id, 1)
      drop(id)
      emit(id, state or 'unknown')
      removed = removed + 1
    end
  end
end
redis.call('EXPIRE', run, ARGV[2])
return { removed, refused }`

/** The next piece of dead letters, as in REPLAY_NEXT. ARGV: run, most to examine, the filter, seconds that the run is kept. */
const REMOVE_NEXT = `
local base = KEYS[1]
local failed, state = base .. 'failed', base .. 'substation:' .. ARGV[1]
${REMOVE}
${matchBy(3)}
local known = redis.call('HMGET', state, 'until', 'anchor', 'anchorScore', 'done')
local newest = known[1]
if not newest then
  newest = redis.call('ZRANGE', failed, -1, -1, 'WITHSCORES')[2]
  if not newest then return { 0, {}, 0, 0, 1 } end
  redis.call('HSET', state, 'until', newest)
end
local from = 0
if known[2] then
  local rank = redis.call('ZRANK', failed, known[2])
  from = rank and rank + 1 or redis.call('ZCOUNT', failed, '-inf', '(' .. known[3])
end
local list = redis.call('ZRANGE', failed, from, from + tonumber(ARGV[2]) - 1, 'WITHSCORES')
local removed, refused, looked, over = 0, {}, 0, #list == 0
for i = 1, #list, 2 do
  local id, score = list[i], list[i + 1]
  if tonumber(score) > tonumber(newest) then over = true break end
  looked = looked + 1
  local reading = redis.pcall('HMGET', base .. id, 'name', 'failedReason')
  local wanted = reading.err or fits(id, reading[1], reading[2])
  local why = wanted and whyNotRemoved(id) or nil
  if wanted and not why then
    redis.call('ZREM', failed, id)
    drop(id)
    emit(id, 'failed')
    removed = removed + 1
  else
    redis.call('HSET', state, 'anchor', id, 'anchorScore', score)
    if why then refused[#refused + 1] = id refused[#refused + 1] = why end
  end
end
local done = redis.call('HINCRBY', state, 'done', removed)
redis.call('EXPIRE', state, ARGV[4])
return { removed, refused, looked, done, over and 1 or 0 }`

const removeFew = script<[number, string[]]>(REMOVE_CHOSEN)
const removePiece = script<[number, string[], number, number, number]>(REMOVE_NEXT)

export async function removeChosen(
  redis: Redis,
  queue: QueueAddress,
  run: string,
  ids: readonly string[],
  { withFamily = false } = {},
): Promise<RemoveStep> {
  const all: RemoveStep = { removed: 0, done: 0, examined: 0, refused: [], finished: true }
  for (let at = 0; at < ids.length; at += PIECE_ANYWHERE) {
    const piece = ids.slice(at, at + PIECE_ANYWHERE)
    const [removed, refused] = await removeFew(redis, [baseOf(queue)], [run, REMEMBERED, withFamily ? 1 : 0, ...piece])
    all.removed += removed
    all.done += removed
    all.examined += piece.length
    all.refused.push(...pairs(refused))
  }
  return all
}

export async function removeNext(
  redis: Redis,
  queue: QueueAddress,
  run: string,
  filter: JobFilter,
): Promise<RemoveStep> {
  const args = [run, PIECE, toArgument(filter), REMEMBERED]
  const [removed, refused, examined, done, over] = await removePiece(redis, [baseOf(queue)], args)
  return { removed, done, examined, refused: pairs(refused), finished: over === 1 }
}
