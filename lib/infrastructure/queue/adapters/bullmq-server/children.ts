import type { Redis } from 'ioredis'
import type { ChildJob, JobDetail } from '../../server-port.ts'
import { plainText } from './content.ts'
import { readingsOfKey } from './job-key.ts'
import { contentField, readRecords } from './job-record.ts'
import { placesOf } from './place.ts'
import { script } from './script.ts'

/** The most children listed, and bytes of an error. */
const NAMED = 60
const ERROR = 500

/** KEYS: the parent. ARGV: most of each kind. Only some fields of a hash are read: results may be of any size. */
const CHILDREN = `
local function some(answer) return type(answer) == 'table' and not answer.err and answer or {} end
return {
  some(redis.pcall('SRANDMEMBER', KEYS[1] .. ':dependencies', ARGV[1])),
  some(redis.pcall('HRANDFIELD', KEYS[1] .. ':processed', ARGV[1])),
  some(redis.pcall('HRANDFIELD', KEYS[1] .. ':failed', ARGV[1])),
  some(redis.pcall('ZRANGE', KEYS[1] .. ':unsuccessful', 0, ARGV[1] - 1)),
}`

const someChildren = script<[string[], string[], string[], string[]]>(CHILDREN)

/** The jobs that a job waits for or has waited for: how many, and of some where each is now, dead letters first. */
export async function childrenOf(redis: Redis, parent: string): Promise<JobDetail['children']> {
  const [pending, done, failed, unsuccessful] = await Promise.all([
    redis.scard(`${parent}:dependencies`),
    redis.hlen(`${parent}:processed`),
    redis.hlen(`${parent}:failed`),
    redis.zcard(`${parent}:unsuccessful`),
  ])
  if (pending + done + failed + unsuccessful === 0) return
  const [waitedFor, processed, ignored, given] = await someChildren(redis, [parent], [NAMED])
  const named = [
    ...waitedFor.map(key => ({ key, outcome: 'pending' as const })),
    ...[...ignored, ...given].map(key => ({ key, outcome: 'failed' as const })),
    ...processed.map(key => ({ key, outcome: 'done' as const })),
  ].slice(0, NAMED)
  const jobs = await whereTheyAre(redis, named)
  return { pending, done, failed: failed + unsuccessful, jobs: jobs.sort((a, b) => rank(a) - rank(b)) }
}

/** Where a job is, by its key. */
export async function whereIs(redis: Redis, key: string): Promise<JobDetail['parentAt']> {
  const [{ queue, id, state } = {}] = await whereTheyAre(redis, [{ key, outcome: 'pending' }])
  return queue === undefined || id === undefined || state === undefined ? undefined : { queue, id, state }
}

/** What keeps the parent from going on comes first. */
function rank({ outcome, state }: ChildJob): number {
  if (outcome === 'pending') return state === 'failed' ? 0 : state === undefined ? 1 : 2
  return outcome === 'failed' ? 3 : 4
}

async function whereTheyAre(redis: Redis, named: readonly Pick<ChildJob, 'key' | 'outcome'>[]): Promise<ChildJob[]> {
  const readings = named.flatMap(({ key }) => readingsOfKey(key).map(reading => ({ key, ...reading })))
  const [places, records] = await Promise.all([
    placesOf(redis, readings),
    readRecords(
      redis,
      named.map(({ key }) => key),
      ERROR,
      ['name', 'failedReason'],
    ).catch((error: Error) => {
      // On another node of a cluster.
      if (!/MOVED/.test(error.message)) throw error
      return []
    }),
  ])
  const found = new Map<string, { queue: string; id: string; state: NonNullable<ChildJob['state']> }>()
  readings.forEach(({ key, base, id }, at) => {
    const place = places[at]
    if (place && !found.has(key)) found.set(key, { queue: base.slice(0, -1), id, state: place.state })
  })
  return named.map(({ key, outcome }, at) => {
    const record = records[at]
    const name = typeof record === 'object' ? plainText(record.raw.name) : undefined
    const error = typeof record === 'object' ? contentField(record, 'failedReason', ERROR) : undefined
    const exists = typeof record === 'object'
    return { key, outcome, exists, ...found.get(key), ...(name ? { name } : {}), ...(error ? { error } : {}) }
  })
}
