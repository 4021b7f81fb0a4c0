import type { Redis } from 'ioredis'
import { parseJson } from '../../../../core/json.ts'
import { checkedJob } from '../../job-rules.ts'
import { QueueError } from '../../port.ts'
import type { HandmadeJob } from '../../server-edits.ts'
import type { QueueAddress, QueueMajor } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'
import { CHECK_MAJOR } from './step.ts'
import { WAKE } from './wake.ts'
import { WHY_NOT_REMOVED } from './why-not.ts'

/**
 * The steps of BullMQ's own addStandardJob, addPrioritizedJob and addDelayedJob. KEYS: base. ARGV: major, the id or nothing, now (ms), name, data, options
 * (JSON), delay, priority, 1 for last in first out, the job to copy data from, or nothing. Answers the id and why it was not added.
 */
const ADD = `
${CHECK_MAJOR}
local now = tonumber(ARGV[3])
${WHY_NOT_REMOVED}
${WAKE}
local data = ARGV[5]
if ARGV[10] ~= '' then
  data = redis.call('HGET', base .. ARGV[10], 'data')
  if not data then return { '', 'there is no such job' } end
end
local id = ARGV[2]
if id ~= '' and (isForeign(id) or namesQueue(id)) then return { '', 'its id would be the key of something else' } end
if id ~= '' and redis.call('EXISTS', base .. id) == 1 then return { '', 'there is a job with this id' } end
local turn = string.format('%.0f', redis.call('INCR', base .. 'id'))
if id == '' then id = turn end
local delay, priority = tonumber(ARGV[7]), tonumber(ARGV[8])
redis.call('HSET', base .. id, 'name', ARGV[4], 'data', data, 'opts', ARGV[6], 'timestamp', ARGV[3], 'delay', delay, 'priority', priority)
emit('event', 'added', 'jobId', id, 'name', ARGV[4])
if delay > 0 then delayUntil(id, now + delay)
else
  push(id, ARGV[9] == '1', priority)
  emit('event', 'waiting', 'jobId', id)
  wake()
end
return { id, '' }`

const add = script<[id: string, why: string]>(ADD)

export type Added = { id: string } | { why: string }

/** Options as BullMQ keeps them. */
function optionsOf({ id, delayMs = 0, priority = 0, attempts = 1, backoff, keepCompleted, version }: HandmadeJob) {
  return {
    attempts,
    ...(delayMs > 0 ? { delay: delayMs } : {}),
    ...(priority > 0 ? { priority } : {}),
    ...(backoff ? { backoff: { type: backoff.kind, delay: backoff.delayMs } } : {}),
    ...(keepCompleted === undefined ? {} : { removeOnComplete: { count: keepCompleted } }),
    ...(id === undefined ? {} : { jobId: id }),
    ...(version === undefined ? {} : { substation: { version } }),
  }
}

export async function addJob(redis: Redis, queue: QueueAddress, major: QueueMajor, job: HandmadeJob): Promise<Added> {
  const parsed = parseJson(job.data)
  if (parsed === undefined)
    throw new QueueError(`${queue.name} cannot take this job: its data is not JSON`, { code: 'QUEUE_VALUE' })
  checkedJob(queue.name, parsed, job)
  return added(redis, queue, [
    major,
    job.id ?? '',
    Date.now(),
    job.name,
    job.data,
    JSON.stringify(optionsOf(job)),
    job.delayMs ?? 0,
    job.priority ?? 0,
    0,
    '',
  ])
}

/** Options that tie a job to another one, to a scheduler, or to its own id. */
const OWN = [
  'jobId',
  'repeat',
  'repeatJobKey',
  'prevMillis',
  'parent',
  'de',
  'deduplication',
  'debounce',
  'fpof',
  'cpof',
  'idof',
  'rdof',
  'tm',
  'delay',
]

export async function duplicate(redis: Redis, queue: QueueAddress, major: QueueMajor, id: string): Promise<Added> {
  const [name, text, priority] = await redis.hmget(`${baseOf(queue)}${id}`, 'name', 'opts', 'priority')
  const options = parseJson(text)
  if (typeof name !== 'string') return { why: 'there is no such job' }
  if (typeof options !== 'object' || options === null) return { why: 'its options are not a JSON object' }
  const kept = Object.fromEntries(Object.entries(options).filter(([option]) => !OWN.includes(option)))
  return added(redis, queue, [
    major,
    '',
    Date.now(),
    name,
    '',
    JSON.stringify(kept),
    0,
    /^\d+$/.test(priority ?? '') ? Number(priority) : 0,
    'lifo' in kept && kept.lifo === true ? 1 : 0,
    id,
  ])
}

async function added(redis: Redis, queue: QueueAddress, args: (string | number)[]): Promise<Added> {
  const [id, why] = await add(redis, [baseOf(queue)], args)
  return why ? { why } : { id }
}
