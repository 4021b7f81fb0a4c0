import type { Redis } from 'ioredis'
import type { JobState } from '../../port.ts'
import type { JobFilter, JobPage, JobQuery, JobSummary, QueueAddress } from '../../server-port.ts'
import { readRecords, toSummary } from './job-record.ts'
import { baseOf } from './keys.ts'
import { matchBy, toArgument } from './match.ts'
import { orphaned } from './orphaned.ts'
import { placeOf } from './place.ts'
import { script } from './script.ts'

/** Bytes of data in a row of a list, and jobs that a filtered list examines. */
const PREVIEW = 1_024
const EXAMINED = 2_000
const PIECE = 500
/** The longest that a filtered list may take (ms). */
const BUDGET = 1_500

/** Bytes compared of an error in the form shown to its reader. */
const SEEN = 4_096

/** KEYS: base. ARGV: the filter, bytes of each error, ids. Answers those that match: id, name, error. */
const MATCHING = `
local base = KEYS[1]
${matchBy(1)}
local found = {}
for i = 3, #ARGV do
  local fields = redis.pcall('HMGET', base .. ARGV[i], 'name', 'failedReason')
  if not fields.err and fits(ARGV[i], fields[1], fields[2]) then
    found[#found + 1] = { ARGV[i], string.sub(fields[1] or '', 1, ARGV[2]), string.sub(fields[2] or '', 1, ARGV[2]) }
  end
end
return found`

const matching = script<[id: string, name: string, error: string][]>(MATCHING)

/** A job in a list, with its score where it comes from a sorted set. */
export interface Listed {
  id: string
  score?: number
}

/** Jobs of one state, first those that come next or came last. */
export async function jobs(redis: Redis, queue: QueueAddress, query: JobQuery): Promise<JobPage> {
  const base = baseOf(queue)
  const { state, offset, filter = {} } = query
  const limit = Math.min(query.limit, 200)
  const total = await lengthOf(redis, base, state)
  const wanted = toArgument(filter)
  if (wanted === '{}') {
    const page = await summaries(redis, base, state, await listed(redis, base, state, offset, limit))
    return { jobs: page, total, examined: total, inState: total, complete: true }
  }
  const { found, examined } = await search(redis, base, query, Math.min(total, query.examine ?? EXAMINED))
  return {
    jobs: await summaries(redis, base, state, found.slice(offset, offset + limit)),
    total: found.length,
    examined,
    inState: total,
    complete: examined >= total,
  }
}

/** Those that match among the first ones, preceded by the one whose id was given, wherever in the list it is. */
async function search(redis: Redis, base: string, query: JobQuery, most: number) {
  const { state, filter = {} } = query
  const until = performance.now() + BUDGET
  const exact = filter.q === undefined ? undefined : await placeOf(redis, base, filter.q)
  const named: Listed[] = exact?.state === state ? [{ id: filter.q as string, ...scoreOf(exact) }] : []
  const found = new Map((await matchingOf(redis, base, query, named)).map(one => [one.id, one]))
  let examined = 0
  while (examined < most && performance.now() < until) {
    const piece = await listed(redis, base, state, examined, Math.min(PIECE, most - examined))
    if (piece.length === 0) break
    for (const one of await matchingOf(redis, base, query, piece)) if (!found.has(one.id)) found.set(one.id, one)
    examined += piece.length
  }
  return { found: [...found.values()], examined }
}

const scoreOf = ({ score }: { score?: number }) => (score === undefined ? {} : { score })

async function matchingOf(
  redis: Redis,
  base: string,
  { filter = {}, seen }: JobQuery,
  list: Listed[],
): Promise<Listed[]> {
  if (list.length === 0) return []
  const answers = await matching(redis, [base], [toArgument(filter), seen ? SEEN : 0, ...list.map(({ id }) => id)])
  const fits = ([id, name, error]: (typeof answers)[number]) =>
    seen === undefined || fitsAsSeen(filter, { id, name, error: seen(error) })
  const ids = new Set(answers.filter(fits).map(([id]) => id))
  return list.filter(({ id }) => ids.has(id))
}

/** The rule of the scripts again, for an error in the form shown to its reader. */
function fitsAsSeen({ q, error: wanted }: JobFilter, { id, name, error }: { id: string; name: string; error: string }) {
  const holds = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase())
  return (!wanted || holds(error, wanted)) && (!q || id === q || holds(name, q) || holds(error, q))
}

/** The summaries of jobs of one state, in their order. */
export async function summaries(redis: Redis, base: string, state: JobState, list: Listed[]): Promise<JobSummary[]> {
  const records = await readRecords(
    redis,
    list.map(({ id }) => base + id),
    PREVIEW * 16,
  )
  const orphans = await orphaned(redis, base, state === 'active' ? list.map(({ id }) => id) : [])
  return list.map(({ id, score }, at) => {
    const summary = toSummary(id, state, records[at], { previewBytes: PREVIEW, score })
    return orphans.has(id) ? { ...summary, orphaned: true } : summary
  })
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

/** BullMQ 4 wakes its workers with entries that are not jobs. */
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

/** Workers take jobs from the tail of a list. */
async function tail(redis: Redis, list: string, offset: number, limit: number): Promise<Listed[]> {
  const ids = await redis.lrange(list, -(offset + limit), -(offset + 1))
  return ids
    .reverse()
    .filter(id => !isMarker(id))
    .map(id => ({ id }))
}
