import type { Redis } from 'ioredis'
import { escapeGlob } from '../../../../core/escape-glob.ts'
import type { DeduplicationKey, HeldBackAdditions, QueueDeduplications } from '../../deduplication-port.ts'
import type { QueueAddress } from '../../server-port.ts'
import { eventsBack } from './events-back.ts'
import { present } from './job-record.ts'
import { baseOf } from './keys.ts'
import { OWN_JOBS } from './own-jobs.ts'
import { placesOf } from './place.ts'
import { script } from './script.ts'

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

/** KEYS: base. ARGV: 1 for only those that are left over, then id and job of each. Answers how many were removed, and id and reason of the others. */
const RELEASE = `
local base, only = KEYS[1], ARGV[1] == '1'
${LEFT_OVER}
local released, refused = 0, {}
for i = 2, #ARGV, 2 do
  local id, job = ARGV[i], ARGV[i + 1]
  local key = base .. 'de:' .. id
  local holder = redis.pcall('GET', key)
  local why
  if not holder then why = 'it is gone'
  elseif holder ~= job then why = 'another job holds it now'
  else
    local left = leftOver(key, job)
    if only and not left then why = 'its job is still to be done, or it expires'
    else
      redis.call('DEL', key)
      -- Nothing would ever add what is kept behind a job that has finished; BullMQ drops it too.
      if left then redis.call('DEL', base .. 'dn:' .. id) end
      released = released + 1
    end
  end
  if why then refused[#refused + 1] = { id, why } end
end
return { released, refused }`

const release = script<[number, [string, string][]]>(RELEASE)

export function deduplications(redis: Redis): QueueDeduplications {
  async function of(queue: QueueAddress, ids: readonly string[]): Promise<DeduplicationKey[]> {
    const base = baseOf(queue)
    const keys: DeduplicationKey[] = []
    for (let at = 0; at < ids.length; at += PIECE) {
      const found = await describe(redis, [base], ids.slice(at, at + PIECE))
      const places = await placesOf(
        redis,
        found.map(([, job]) => ({ base, id: job })),
      )
      keys.push(...found.map((one, index) => toKey(one, places[index]?.state)))
    }
    return keys
  }

  return {
    async deduplications(queue, { from = '0', budgetMs, limit, signal }) {
      const start = `${baseOf(queue)}de:`
      const until = performance.now() + budgetMs
      const total = await redis.dbsize()
      // A scan may answer a key twice.
      const ids = new Set<string>()
      let cursor = from
      let scanned = 0
      do {
        signal?.throwIfAborted()
        const [next, found] = await redis.scan(cursor, 'MATCH', `${escapeGlob(start)}*`, 'COUNT', SCANNED)
        cursor = next
        scanned += SCANNED
        for (const key of found) ids.add(key.slice(start.length))
      } while (cursor !== '0' && ids.size <= limit && performance.now() < until)
      return {
        keys: await of(queue, [...ids].slice(0, limit)),
        cut: ids.size > limit,
        scanned: Math.min(scanned, total),
        total,
        ...(cursor === '0' ? {} : { next: cursor }),
      }
    },
    deduplicationsOf: of,
    heldBack: queue => heldBack(redis, queue),
    async releaseDeduplications(queue, keys, { onlyLeftOver }) {
      let released = 0
      const refused: { id: string; reason: string }[] = []
      for (let at = 0; at < keys.length; at += PIECE) {
        const piece = keys.slice(at, at + PIECE).flatMap(({ id, job }) => [id, job])
        const [count, others] = await release(redis, [baseOf(queue)], [onlyLeftOver ? 1 : 0, ...piece])
        released += count
        refused.push(...others.map(([id, reason]) => ({ id, reason })))
      }
      return { released, refused }
    },
  }
}

function toKey(
  [id, job, ttl, leftOver, exists, name, added, extended, pending]: Described,
  state: DeduplicationKey['state'],
): DeduplicationKey {
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
    leftOver: leftOver === 1,
    pending: pending === 1,
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
