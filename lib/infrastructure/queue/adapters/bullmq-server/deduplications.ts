import type { Redis } from 'ioredis'
import { escapeGlob } from '../../../../core/escape-glob.ts'
import type {
  DeduplicationKey,
  DeduplicationScan,
  HeldBackAdditions,
  QueueDeduplications,
} from '../../deduplication-port.ts'
import type { QueueAddress } from '../../server-port.ts'
import { eventsBack } from './events-back.ts'
import { present } from './job-record.ts'
import { baseOf } from './keys.ts'
import { OWN_JOBS } from './own-jobs.ts'
import { placesOf } from './place.ts'
import { script } from './script.ts'
import { REMEMBERED } from './step.ts'

/** Keys scanned, keys described and keys released in one step. */
const SCANNED = 1_000
const PIECE = 50
const BY_JOB = 20

/** Lua: defines `leftOver(key, job)`, by BullMQ's own rule: a key without an expiry goes when its job finishes. Expects `base`. */
const LEFT_OVER = `
local function leftOver(key, job)
  if redis.call('PTTL', key) ~= -1 then return false end
  if redis.call('EXISTS', base .. job) == 0 then return true end
  for _, set in ipairs({ 'completed', 'failed' }) do
    if type(redis.pcall('ZSCORE', base .. set, job)) == 'string' then return true end
  end
  return false
end
`

/**
 * KEYS: base. ARGV: deduplication ids. Answers of each that exists: id, job, ms until it expires, whether it is left over, whether the job
 * exists, its name and time, whether additions extend the key, and whether one is kept behind it.
 */
const DESCRIBE = `
local base = KEYS[1]
${OWN_JOBS}
${LEFT_OVER}
local found = {}
for _, id in ipairs(ARGV) do
  local key = base .. 'de:' .. id
  local job = redis.pcall('GET', key)
  -- If there is a queue named "de" below this one, its keys look the same.
  if type(job) == 'string' and not isForeign('de:' .. id) then
    local fields = redis.pcall('HMGET', base .. job, 'name', 'timestamp', 'opts')
    if fields.err then fields = {} end
    local opts = fields[3] and #fields[3] < 65536 and string.match(fields[3], '"de":(%b{})') or ''
    found[#found + 1] = { id, job, redis.call('PTTL', key), leftOver(key, job) and 1 or 0, redis.call('EXISTS', base .. job),
      string.sub(fields[1] or '', 1, 200), fields[2] or '', string.find(opts, '"extend":true', 1, true) and 1 or 0, redis.call('EXISTS', base .. 'dn:' .. id) }
  end
end
return found`

type Described = [string, string, number, number, number, string, string, number, number]
const describe = script<Described[]>(DESCRIBE)

/**
 * KEYS: base. ARGV: run, seconds that it is kept, then id and job of each. The run's hash keeps which it has released, so that a repeated step
 * does not take them for gone. Answers how many the run has released, and id and reason of the others.
 */
const RELEASE = `
local base = KEYS[1]
local run = base .. 'substation:' .. ARGV[1]
${LEFT_OVER}
local released, refused = 0, {}
for i = 3, #ARGV, 2 do
  local id, job = ARGV[i], ARGV[i + 1]
  local key = base .. 'de:' .. id
  if redis.call('HEXISTS', run, 'key:' .. id) == 1 then released = released + 1
  else
    local holder = redis.pcall('GET', key)
    if not holder then refused[#refused + 1] = { id, 'it is gone' }
    elseif holder ~= job then refused[#refused + 1] = { id, 'another job holds it now' }
    else
      -- Nothing would ever add what is kept behind a job that has finished; BullMQ drops it too.
      if leftOver(key, job) then redis.call('DEL', base .. 'dn:' .. id) end
      redis.call('DEL', key)
      redis.call('HSET', run, 'key:' .. id, 1)
      released = released + 1
    end
  end
end
redis.call('EXPIRE', run, ARGV[2])
return { released, refused }`

/** Those of these that are left over by now. KEYS: base. ARGV: run, seconds that it is kept, ids. Answers how many the run has released. */
const RELEASE_LEFT_OVER = `
local base = KEYS[1]
local run = base .. 'substation:' .. ARGV[1]
${OWN_JOBS}
${LEFT_OVER}
local released = 0
for i = 3, #ARGV do
  local id = ARGV[i]
  local key = base .. 'de:' .. id
  local job = redis.pcall('GET', key)
  if type(job) == 'string' and not isForeign('de:' .. id) and leftOver(key, job) then
    redis.call('DEL', key, base .. 'dn:' .. id)
    released = released + 1
  end
end
local done = redis.call('HINCRBY', run, 'done', released)
redis.call('EXPIRE', run, ARGV[2])
return done`

const release = script<[number, [string, string][]]>(RELEASE)
const releaseLeftOver = script<number>(RELEASE_LEFT_OVER)

export function deduplications(redis: Redis): QueueDeduplications {
  async function described(queue: QueueAddress, ids: readonly string[]): Promise<Described[]> {
    const found: Described[] = []
    for (const piece of piecesOf(ids)) found.push(...(await describe(redis, [baseOf(queue)], piece)))
    return found
  }

  async function withPlaces(queue: QueueAddress, found: readonly Described[]): Promise<DeduplicationKey[]> {
    const base = baseOf(queue)
    const keys: DeduplicationKey[] = []
    for (const piece of piecesOf(found)) {
      const places = await placesOf(
        redis,
        piece.map(([, job]) => ({ base, id: job })),
      )
      keys.push(...piece.map((one, index) => toKey(one, places[index]?.state)))
    }
    return keys
  }

  /** Scans for at most so long, after each page with the time that it takes to work on it. Answers where to go on. */
  async function scan(
    queue: QueueAddress,
    { from = '0', budgetMs }: DeduplicationScan,
    page: (ids: string[]) => Promise<void>,
  ): Promise<{ scanned: number; next?: string }> {
    const start = `${baseOf(queue)}de:`
    const until = performance.now() + budgetMs
    let cursor = from
    let scanned = 0
    do {
      const [next, found] = await redis.scan(cursor, 'MATCH', `${escapeGlob(start)}*`, 'COUNT', SCANNED)
      await page(found.map(key => key.slice(start.length)))
      cursor = next
      scanned += SCANNED
    } while (cursor !== '0' && performance.now() < until)
    return { scanned, ...(cursor === '0' ? {} : { next: cursor }) }
  }

  return {
    async deduplications(queue, { limit, ...options }) {
      const total = await redis.dbsize()
      // A scan may answer a key twice. Of those that are not left over no more are kept than can be listed.
      const left = new Map<string, Described>()
      const others = new Map<string, Described>()
      const { scanned, next } = await scan(queue, options, async ids => {
        for (const one of await described(queue, ids)) {
          if (isLeftOver(one)) left.set(one[0], one)
          else if (others.size <= limit) others.set(one[0], one)
        }
      })
      const found = [...left.values(), ...others.values()]
      return {
        keys: await withPlaces(queue, found.slice(0, limit)),
        cut: found.length > limit,
        leftOver: { count: left.size, pending: [...left.values()].filter(hasPending).length },
        scanned: Math.min(scanned, total),
        total,
        ...present({ next }),
      }
    },
    deduplicationsOf: async (queue, ids) => withPlaces(queue, await described(queue, ids)),
    heldBack: queue => heldBack(redis, queue),
    async releaseDeduplications(queue, run, keys) {
      let released = 0
      const refused: { id: string; reason: string }[] = []
      for (const piece of piecesOf(keys)) {
        const named = piece.flatMap(({ id, job }) => [id, job])
        const [count, others] = await release(redis, [baseOf(queue)], [run, REMEMBERED, ...named])
        released += count
        refused.push(...others.map(([id, reason]) => ({ id, reason })))
      }
      return { released, refused }
    },
    async releaseLeftOver(queue, run, options) {
      const more = (ids: readonly string[]) => releaseLeftOver(redis, [baseOf(queue)], [run, REMEMBERED, ...ids])
      let released = await more([])
      const { next } = await scan(queue, options, async ids => {
        for (const piece of piecesOf(ids)) released = await more(piece)
      })
      return { released, ...present({ next }) }
    },
  }
}

function* piecesOf<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += PIECE) yield all.slice(at, at + PIECE)
}

const isLeftOver = ([, , , leftOver]: Described) => leftOver === 1
const hasPending = (one: Described) => one[8] === 1

function toKey(one: Described, state: DeduplicationKey['state']): DeduplicationKey {
  const [id, job, ttl, , exists, name, added, extended] = one
  return {
    id,
    job,
    exists: exists === 1,
    ...present({
      state,
      name: name || undefined,
      since: Number(added) || undefined,
      until: ttl >= 0 ? Date.now() + ttl : undefined,
    }),
    extended: extended === 1,
    leftOver: isLeftOver(one),
    pending: hasPending(one),
  }
}

/** BullMQ 5 writes two events for one addition: `debounced` under the older name. */
async function heldBack(redis: Redis, queue: QueueAddress): Promise<HeldBackAdditions> {
  const { events, read, since } = await eventsBack(redis, queue, { names: ['deduplicated', 'debounced', 'duplicated'] })
  const counts = { deduplicated: new Map<string, number>(), debounced: new Map<string, number>() }
  const jobs = new Map<string, number>()
  const count = (of: Map<string, number>, id: string | undefined) => id && of.set(id, (of.get(id) ?? 0) + 1)
  for (const { fields } of events) {
    if (fields.event === 'deduplicated') count(counts.deduplicated, fields.deduplicationId)
    else if (fields.event === 'debounced') count(counts.debounced, fields.debounceId)
    else count(jobs, fields.jobId)
  }
  const base = baseOf(queue)
  const most = [...jobs].sort(([, a], [, b]) => b - a).slice(0, BY_JOB)
  const places = await placesOf(
    redis,
    most.map(([id]) => ({ base, id })),
  )
  return {
    events: read,
    ...present({ since }),
    byKey: Object.fromEntries([...counts.debounced, ...counts.deduplicated]),
    byJob: await Promise.all(
      most.map(async ([id, count], at) => ({
        id,
        count,
        exists: (await redis.exists(base + id)) === 1,
        ...present({ state: places[at]?.state }),
      })),
    ),
  }
}
