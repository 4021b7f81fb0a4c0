import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { DeadLetterServer, EditedData, ReplayOutcome } from '../../dead-letters-port.ts'
import type { JobStep, QueueAddress, QueueMajor } from '../../server-port.ts'
import { type Answer, answersOf } from './answers.ts'
import { KEPT, KEPT_FIELDS, MOVED } from './kept-state.ts'
import { baseOf } from './keys.ts'
import { MARKER, READ_FOR_REPLAY as READ, REPLAY_HEAD, REPLAY_ONE } from './replay-script.ts'
import { RETURN_WAITING } from './return-script.ts'
import { script } from './script.ts'
import { inPieces, onChosen, REMEMBERED, type StepAnswer } from './step.ts'

const PIECE = 50
/** Fewer where each has to be found in a list of those that wait. */
const PIECE_BACK = 20
const ERROR = 500
const EVENTS = 1_000

/**
 * Chosen dead letters, with what each had kept in a field of its own, which goes with the job. ARGV: major, run, now, seconds that the run
 * is kept, then id, SHA-1 of the data that an edit was made from, and the new data, both empty without an edit.
 */
const REPLAY_KEEPING = `
${REPLAY_HEAD}
${REPLAY_ONE}
local moved, refused = {}, {}
for i = 5, #ARGV, 3 do
  local id, from, data = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local job = base .. id
  local reading = redis.pcall('HMGET', job, ${READ}, 'name')
  local score = redis.call('ZSCORE', failed, id)
  local why
  if reading.err then why = 'its key contains something other than a job'
  elseif reading[5] == run then why = ''
  elseif not score then why = redis.call('EXISTS', job) == 1 and 'it is no longer a dead letter' or 'there is no such job'
  elseif not reading[1] and not reading[7] then why = 'its data is missing'
  elseif from ~= '' and redis.sha1hex(redis.call('HGET', job, 'data') or '') ~= from then why = 'its data has changed since it was read'
  else
    local fields = redis.call('HMGET', job, ${KEPT_FIELDS})
    local parent = reading[3]
    local kept = { score = score, fields = fields,
      data = from ~= '' and redis.call('HGET', job, 'data') or false,
      unsuccessful = parent and redis.pcall('ZSCORE', parent .. ':unsuccessful', job) or false,
      ignored = parent and redis.pcall('HGET', parent .. ':failed', job) or false }
    if type(kept.unsuccessful) == 'table' then kept.unsuccessful = false end
    if type(kept.ignored) == 'table' then kept.ignored = false end
    why = replay(id, job, reading)
    if not why then
      redis.call('HSET', job, '${KEPT}', cmsgpack.pack(kept))
      if from ~= '' then redis.call('HSET', job, 'data', data) end
    end
  end
  if not why then moved[#moved + 1] = id
  elseif why ~= '' then refused[#refused + 1] = id refused[#refused + 1] = why end
end
local done = tonumber(redis.call('HGET', state, 'done')) or 0
if #moved > 0 then
  redis.call('ZREM', failed, unpack(moved))
  redis.call('RPUSH', state .. '${MOVED}', unpack(moved))
  redis.call('EXPIRE', state .. '${MOVED}', ARGV[4])
  done = redis.call('HINCRBY', state, 'done', #moved)
  redis.call('EXPIRE', state, ARGV[4])
  wake()
end
return { #moved, done, (#ARGV - 4) / 3, 1, refused }`

/** KEYS: base. ARGV: run, bytes of an error, ids. Answers id, state and error of each. */
const OUTCOMES = `
local base, run = KEYS[1], ARGV[1]
local found = {}
for i = 3, #ARGV do
  local id, job = ARGV[i], base .. ARGV[i]
  local fields = redis.pcall('HMGET', job, '${MARKER}', 'failedReason', 'processedOn', 'name', 'opts')
  local state, why = 'waiting', ''
  if fields.err or (not fields[4] and not fields[5]) then state = 'gone'
  elseif fields[1] ~= run then state = 'moved-on'
  elseif redis.call('ZSCORE', base .. 'completed', id) then state = 'completed'
  elseif redis.call('ZSCORE', base .. 'failed', id) then
    state = 'failed'
    why = string.sub(fields[2] or '', 1, ARGV[2])
  elseif fields[3] then state = 'active' end
  found[#found + 1] = { id, state, why }
end
return found`

const replay = script<StepAnswer>(REPLAY_KEEPING)
const outcomes = script<[id: string, state: ReplayOutcome['state'], error: string][]>(OUTCOMES)

export function replayKeeping(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  run: string,
  ids: readonly string[],
  edits: readonly EditedData[] = [],
): Promise<JobStep> {
  const edited = new Map(edits.map(edit => [edit.id, edit]))
  return inPieces(ids, PIECE, piece =>
    replay(
      redis,
      [baseOf(queue)],
      [major, run, Date.now(), REMEMBERED, ...piece.flatMap(id => [id, ...editOf(edited.get(id))])],
    ),
  )
}

const editOf = (edit: EditedData | undefined): [from: string, data: string] =>
  edit ? [createHash('sha1').update(edit.from).digest('hex'), edit.to] : ['', '']

export const returnWaiting = onChosen(RETURN_WAITING, PIECE_BACK)

export function replayFates(redis: Redis): Pick<DeadLetterServer, 'movedBy' | 'outcomesOf' | 'finishedAfter'> {
  return {
    movedBy: (queue, run, from, limit) =>
      redis.lrange(`${baseOf(queue)}substation:${run}${MOVED}`, from, from + limit - 1),
    async outcomesOf(queue, run, ids) {
      const found: ReplayOutcome[] = []
      for (let at = 0; at < ids.length; at += PIECE) {
        const piece = await outcomes(redis, [baseOf(queue)], [run, ERROR, ...ids.slice(at, at + PIECE)])
        found.push(...piece.map(([id, state, error]) => ({ id, state, ...(error ? { error } : {}) })))
      }
      return found
    },
    async finishedAfter(queue, cursor) {
      const [[error, events]] = (await answersOf(
        redis.pipeline().xrange(`${baseOf(queue)}events`, `(${cursor}`, '+', 'COUNT', EVENTS),
      )) as [Answer]
      if (error) throw error
      return finishedIn(events as [string, string[]][], cursor)
    },
  }
}

function finishedIn(events: readonly [id: string, fields: string[]][], cursor: string) {
  const completed: string[] = []
  const failed: { id: string; error: string }[] = []
  for (const [, flat] of events) {
    const fields = new Map(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] as string]] : [])))
    const id = fields.get('jobId')
    const event = fields.get('event')
    if (id === undefined) continue
    if (event === 'completed') completed.push(id)
    if (event === 'failed') failed.push({ id, error: (fields.get('failedReason') ?? '').slice(0, ERROR) })
  }
  return { cursor: events.at(-1)?.[0] ?? cursor, completed, failed, more: events.length === EVENTS }
}
