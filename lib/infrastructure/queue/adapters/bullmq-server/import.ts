import type { Redis } from 'ioredis'
import type { KeptDeadLetter } from '../../dead-letters-port.ts'
import type { JobStep, QueueAddress, QueueMajor } from '../../server-port.ts'
import { type Answer, answersOf } from './answers.ts'
import { baseOf } from './keys.ts'
import { OWN_JOBS } from './own-jobs.ts'
import { script } from './script.ts'
import { inPieces, STEP, type StepAnswer } from './step.ts'

const PIECE = 20
/** Field of a job's hash for the run that imported it. */
const IMPORTED = 'substation:imported'

/**
 * ARGV: major, run, then id, score, number of values, and fields with their values. A numeric id above the queue's counter raises it, so
 * that no later job gets the same.
 */
const IMPORT = `
${STEP}
${OWN_JOBS}
local moved, refused, at = 0, {}, 3
while at <= #ARGV do
  local id, score, size = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local job, why = base .. id, nil
  if isForeign(id) or namesQueue(id) then why = 'its id is not one of a job of this queue'
  elseif redis.call('EXISTS', job) == 1 then
    local by = redis.pcall('HGET', job, '${IMPORTED}')
    why = by == run and '' or 'the queue has a job with its id'
  end
  if not why then
    redis.call('HSET', job, '${IMPORTED}', run, unpack(ARGV, at + 3, at + 2 + size))
    redis.call('ZADD', base .. 'failed', score, id)
    local last = tonumber(redis.call('GET', base .. 'id')) or 0
    if string.match(id, '^%d+$') and tonumber(id) > last and tonumber(id) < 9007199254740991 then redis.call('SET', base .. 'id', id) end
    moved = moved + 1
  elseif why ~= '' then refused[#refused + 1] = id refused[#refused + 1] = why end
  at = at + 3 + size
end
return { moved, moved, 0, 1, refused }`

const importFew = script<StepAnswer>(IMPORT)

export function importDeadLetters(
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  run: string,
  jobs: readonly KeptDeadLetter[],
): Promise<JobStep> {
  const byId = new Map(jobs.map(job => [job.id, job]))
  return inPieces([...byId.keys()], PIECE, ids =>
    importFew(redis, [baseOf(queue)], [major, run, ...ids.flatMap(id => argumentsOf(byId.get(id) as KeptDeadLetter))]),
  )
}

function argumentsOf({ id, failedAt, fields }: KeptDeadLetter): (string | number)[] {
  const flat = Object.entries(fields).flat()
  return [id, failedAt, flat.length, ...flat]
}

/** Fields that only this library writes; they are about one Redis. */
const OURS = /^substation:/

export async function keptDeadLetters(
  redis: Redis,
  queue: QueueAddress,
  ids: readonly string[],
  maxBytes: number,
): Promise<KeptDeadLetter[]> {
  const base = baseOf(queue)
  const named = redis.pipeline()
  for (const id of ids) named.zscore(`${base}failed`, id).hkeys(base + id)
  const first = await answersOf(named)
  const found = ids.flatMap((id, at) => {
    const [score, names] = [first[at * 2], first[at * 2 + 1]] as [Answer, Answer]
    if (score[0]) throw score[0]
    const fields = names[0] ? [] : (names[1] as string[]).filter(name => !OURS.test(name))
    return score[1] === null || fields.length === 0 ? [] : [{ id, failedAt: Number(score[1]), fields }]
  })
  const measured = redis.pipeline()
  for (const { id, fields } of found) for (const field of fields) measured.hstrlen(base + id, field)
  const sizes = (await answersOf(measured)).map(([error, size]) => (error ? Number.POSITIVE_INFINITY : Number(size)))
  let at = 0
  const small = found
    .map(({ fields, ...place }) => ({ ...place, fields: fields.filter(() => (sizes[at++] as number) <= maxBytes) }))
    .filter(({ fields }) => fields.length > 0)
  const read = redis.pipeline()
  for (const { id, fields } of small) read.hmget(base + id, ...fields)
  const values = await answersOf(read)
  return small.flatMap(({ fields, ...place }, index) => {
    const [error, texts] = values[index] as Answer
    if (error) return []
    const own = fields.flatMap((field, nth) => {
      const text = (texts as (string | null)[])[nth]
      return typeof text === 'string' ? [[field, text] as const] : []
    })
    return own.length > 0 ? [{ ...place, fields: Object.fromEntries(own) }] : []
  })
}
