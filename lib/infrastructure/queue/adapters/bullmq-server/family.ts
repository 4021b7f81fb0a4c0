import type { Redis } from 'ioredis'
import type { Family, FamilyMember, QueueAddress, QueueServer, RemoveStep } from '../../server-port.ts'
import { answersOf } from './answers.ts'
import { plainText } from './content.ts'
import { readingsOfKey } from './job-key.ts'
import { readRecords } from './job-record.ts'
import { baseOf } from './keys.ts'
import { placeOf, placesOf } from './place.ts'
import { removeChosen } from './remove.ts'

const LIMIT = 1_000
/** Flows deeper than this, upwards or downwards, are not followed. */
const GENERATIONS = 20

interface Found {
  key: string
  base: string
  id: string
  state?: NonNullable<FamilyMember['state']>
}

/** Children before their parents. */
export async function family(
  redis: Redis,
  queue: QueueAddress,
  id: string,
  { limit = LIMIT }: Parameters<QueueServer['family']>[2] = {},
): Promise<Family | undefined> {
  const root = await topmost(redis, baseOf(queue), id)
  if (!root) return
  const known = new Map<string, Found>([[root.key, root]])
  let generation: Found[] = [root]
  let cut = false
  for (let depth = 0; generation.length > 0 && !cut; depth++) {
    const keys = (await childrenOf(redis, generation)).filter(key => !known.has(key))
    cut = depth === GENERATIONS || known.size + keys.length > limit
    generation = await locate(redis, keys.slice(0, limit - known.size))
    for (const job of generation) known.set(job.key, job)
  }
  return { jobs: await described(redis, [...known.values()].reverse()), cut }
}

/** The last one upwards that waits for the one below it. */
async function topmost(redis: Redis, base: string, id: string): Promise<Found | undefined> {
  const place = await placeOf(redis, base, id)
  const exists = place !== undefined || (await redis.exists(base + id)) === 1
  if (!exists) return
  let top: Found = { key: base + id, base, id, ...(place ? { state: place.state } : {}) }
  for (let depth = 0; depth < GENERATIONS; depth++) {
    const parent = await redis.hget(top.key, 'parentKey')
    const waits = parent !== null && (await redis.sismember(`${parent}:dependencies`, top.key)) === 1
    const [above] = waits ? await locate(redis, [parent]) : []
    if (!above) break
    top = above
  }
  return top
}

async function childrenOf(redis: Redis, jobs: readonly Found[]): Promise<string[]> {
  const read = redis.pipeline()
  for (const { key } of jobs)
    read
      .smembers(`${key}:dependencies`)
      .hkeys(`${key}:processed`)
      .hkeys(`${key}:failed`)
      .zrange(`${key}:unsuccessful`, 0, -1)
  const answers = await answersOf(read)
  // A key of another type is no list of children.
  return [...new Set(answers.flatMap(([error, keys]) => (error ? [] : (keys as string[]))))]
}

/** Where these jobs are; those that no longer exist are left out. */
async function locate(redis: Redis, keys: readonly string[]): Promise<Found[]> {
  const readings = keys.flatMap(key => readingsOfKey(key).map(reading => ({ key, ...reading })))
  const exist = redis.pipeline()
  for (const key of keys) exist.exists(key)
  const [places, existing] = await Promise.all([placesOf(redis, readings), answersOf(exist)])
  const found = new Map<string, Found>()
  readings.forEach(({ key, base, id }, at) => {
    const place = places[at]
    if (place && !found.has(key)) found.set(key, { key, base, id, state: place.state })
  })
  return keys.flatMap((key, at) => {
    const [likeliest] = readingsOfKey(key)
    return found.get(key) ?? (existing[at]?.[1] === 1 && likeliest ? { key, ...likeliest } : [])
  })
}

async function described(redis: Redis, jobs: readonly Found[]): Promise<FamilyMember[]> {
  const locks = redis.pipeline()
  for (const { key } of jobs) locks.exists(`${key}:lock`)
  const [locked, records] = await Promise.all([
    answersOf(locks),
    readRecords(
      redis,
      jobs.map(({ key }) => key),
      0,
      ['name'],
    ),
  ])
  return jobs.map(({ base, id, state }, at) => {
    const record = records[at]
    return {
      queue: base.slice(0, -1),
      id,
      name: (typeof record === 'object' ? plainText(record.raw.name) : undefined) ?? '',
      ...(state ? { state } : {}),
      locked: locked[at]?.[1] === 1,
    }
  })
}

/** In the given order: as long as a parent is there, an interrupted removal can be taken up again from it. */
export async function removeFamily(
  redis: Redis,
  run: string,
  jobs: readonly Pick<FamilyMember, 'queue' | 'id'>[],
): Promise<RemoveStep> {
  const all: RemoveStep = { removed: 0, done: 0, examined: 0, refused: [], finished: true }
  for (let at = 0; at < jobs.length; ) {
    const { queue } = jobs[at] as (typeof jobs)[number]
    const end = jobs.findIndex((job, index) => index > at && job.queue !== queue)
    const piece = jobs.slice(at, end === -1 ? jobs.length : end)
    // Prefix and name are only joined again.
    const [prefix = '', ...name] = queue.split(':')
    const step = await removeChosen(
      redis,
      { prefix, name: name.join(':') },
      run,
      piece.map(({ id }) => id),
      { withFamily: true },
    )
    all.removed += step.removed
    all.done += step.done
    all.examined += step.examined
    all.refused.push(...step.refused)
    // Whoever waits for a job that stays must stay too.
    if (step.refused.length > 0) break
    at += piece.length
  }
  return all
}
