import type { Redis } from 'ioredis'
import type { JobState } from '../../port.ts'
import type { JobPage, JobQuery, JobSummary, QueueAddress } from '../../server-port.ts'
import { plainText } from './content.ts'
import { readRecords, toSummary } from './job-record.ts'
import { baseOf } from './keys.ts'
import { placeOf } from './place.ts'

/** Bytes of data that a line of a list may take, and jobs that a search by name looks at. */
const PREVIEW = 1_024
const EXAMINED = 2_000
const SEARCH_PIECE = 500

interface Listed {
  id: string
  score?: number
}

/** Jobs of one state, those first that come next or came last. */
export async function jobs(redis: Redis, queue: QueueAddress, query: JobQuery): Promise<JobPage> {
  const base = baseOf(queue)
  const { state, offset, q } = query
  const limit = Math.min(query.limit, 200)
  const total = await lengthOf(redis, base, state)
  if (!q) {
    const page = await summaries(redis, base, state, await listed(redis, base, state, offset, limit))
    return { jobs: page, total, examined: total, complete: true }
  }
  const exact = await byId(redis, base, state, q)
  if (exact) return { jobs: offset === 0 ? [exact] : [], total: 1, examined: total, complete: true }
  const wanted = q.toLowerCase()
  const matching: Listed[] = []
  let examined = 0
  while (examined < Math.min(total, EXAMINED)) {
    const piece = await listed(redis, base, state, examined, SEARCH_PIECE)
    if (piece.length === 0) break
    const keys = piece.map(({ id }) => base + id)
    const records = await readRecords(redis, keys, PREVIEW, ['name'])
    piece.forEach((one, at) => {
      const record = records[at]
      const name = typeof record === 'object' ? plainText(record.raw.name) : undefined
      if (name?.toLowerCase().includes(wanted)) matching.push(one)
    })
    examined += piece.length
  }
  return {
    jobs: await summaries(redis, base, state, matching.slice(offset, offset + limit)),
    total: matching.length,
    examined,
    complete: examined >= total,
  }
}

async function summaries(redis: Redis, base: string, state: JobState, list: Listed[]): Promise<JobSummary[]> {
  const records = await readRecords(
    redis,
    list.map(({ id }) => base + id),
    PREVIEW * 16,
  )
  return list.map(({ id, score }, at) => toSummary(id, state, records[at], { previewBytes: PREVIEW, score }))
}

async function byId(redis: Redis, base: string, state: JobState, id: string): Promise<JobSummary | undefined> {
  const place = await placeOf(redis, base, id)
  if (place?.state !== state) return
  const [found] = await summaries(redis, base, state, [{ id, score: place.score }])
  return found
}

async function lengthOf(redis: Redis, base: string, state: JobState): Promise<number> {
  if (state === 'waiting') {
    const lengths = await Promise.all(['wait', 'paused'].map(list => lengthOfList(redis, base + list)))
    return lengths.reduce((sum, length) => sum + length, 0)
  }
  return state === 'active' ? redis.llen(`${base}active`) : redis.zcard(base + state)
}

async function lengthOfList(redis: Redis, list: string): Promise<number> {
  const [length, first, last] = await Promise.all([redis.llen(list), redis.lindex(list, 0), redis.lindex(list, -1)])
  return length - (length > 1 && isMarker(first) ? 1 : 0) - (isMarker(last) ? 1 : 0)
}

/** BullMQ 4 wakes its workers with entries that are no jobs. */
const isMarker = (id: string | null) => id?.startsWith('0:') === true

async function listed(redis: Redis, base: string, state: JobState, offset: number, limit: number): Promise<Listed[]> {
  if (state === 'waiting') {
    const fromWait = await tail(redis, `${base}wait`, offset, limit)
    if (fromWait.length >= limit) return fromWait
    const before = await redis.llen(`${base}wait`)
    return [...fromWait, ...(await tail(redis, `${base}paused`, Math.max(0, offset - before), limit - fromWait.length))]
  }
  if (state === 'active') return tail(redis, `${base}active`, offset, limit)
  const newestFirst = state === 'completed' || state === 'failed'
  const range = newestFirst
    ? await redis.zrevrange(base + state, offset, offset + limit - 1, 'WITHSCORES')
    : await redis.zrange(base + state, offset, offset + limit - 1, 'WITHSCORES')
  return range.flatMap((id, at) => (at % 2 === 0 ? [{ id, score: Number(range[at + 1]) }] : []))
}

/** Jobs leave a list at its tail. */
async function tail(redis: Redis, list: string, offset: number, limit: number): Promise<Listed[]> {
  const ids = await redis.lrange(list, -(offset + limit), -(offset + 1))
  return ids
    .reverse()
    .filter(id => !isMarker(id))
    .map(id => ({ id }))
}
