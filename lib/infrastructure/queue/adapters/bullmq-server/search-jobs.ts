import type { Redis } from 'ioredis'
import { matches, type ReadJob } from '../../job-matches.ts'
import type { JobState } from '../../port.ts'
import type { JobSearch, JobSearchStep, QueueAddress } from '../../server-port.ts'
import { type Listed, summaries } from './jobs.ts'
import { baseOf, isLossy } from './keys.ts'
import { fieldsOf, JSON_FIELDS, NUMBER_FIELDS, neededTexts, TEXT_FIELDS } from './needed-texts.ts'
import { script } from './script.ts'

/** Jobs in one step, and the bytes read after which it ends: each bounds what other clients of Redis wait. */
const PIECE = 100
const BYTES = 131_072
/** Values larger than this are not searched within Redis but sent, since lowering their case there would take longer. */
const SEARCHED_THERE = 65_536

/** The last jobs of a step by which the next one finds its place, should some of them have moved. */
const ANCHORS = 8

/**
 * KEYS: base. ARGV: `list` or `zset`, its suffix, what is needed (JSON), most jobs, most bytes, the largest value; of a list from which
 * position; of a sorted set 1 for the highest score first, the score of the last job of the step before, and its last jobs, the last one first. Answers:
 * examined, too large, whether there may be more, that score, those jobs, whether there are large values, and those that may match, each with its score and fields.
 */
const EXAMINE = `
local base, key, spec = KEYS[1], KEYS[1] .. ARGV[2], cjson.decode(ARGV[3])
local most, bytes, largest = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local list
local sorted = ARGV[1] == 'zset'
if not sorted then list = redis.pcall('LRANGE', key, ARGV[7], ARGV[7] + most - 1)
else
  local down, from = ARGV[7] == '1', 0
  if ARGV[8] ~= '' then
    local rank
    for i = 9, #ARGV do
      rank = redis.pcall(down and 'ZREVRANK' or 'ZRANK', key, ARGV[i])
      if type(rank) == 'number' then break end
    end
    if type(rank) == 'number' then from = rank + 1
    elseif down then from = redis.pcall('ZCOUNT', key, '(' .. ARGV[8], '+inf')
    else from = redis.pcall('ZCOUNT', key, '-inf', '(' .. ARGV[8]) end
    if type(from) == 'table' then from = 0 end
  end
  list = redis.pcall(down and 'ZREVRANGE' or 'ZRANGE', key, from, from + most - 1)
end
if list.err then return { 0, 0, 0, '', {}, 0, {} } end
local at = {}
for i, field in ipairs(spec.fields) do at[field] = i end
local one = #spec.fields == 1 and spec.fields[1]
local find, call = string.find, redis.pcall
-- Sizes are asked for once a large value was met: a question for each job would double the time.
local careful = spec.careful
local function isTooLarge(job)
  for _, field in ipairs(spec.large) do
    local size = call('HSTRLEN', job, field)
    if type(size) == 'number' and size > largest then return true end
  end
  return false
end
local function has(value, field, need)
  if not value then return false end
  if #value > ${SEARCHED_THERE} then return true end
  if find(need.fold and string.lower(value) or value, need.text, 1, true) then return true end
  if (field == 'data' or field == 'opts' or field == 'returnvalue' or field == 'stacktrace') and find(value, '\\\\', 1, true) then return true end
  return need.number and find(value, '%d[eE]') ~= nil
end
local function may(id, values)
  for _, need in ipairs(spec.needed) do
    local found = false
    for _, field in ipairs(need.fields) do
      if has(field == 'id' and id or values[at[field]], field, need) then found = true break end
    end
    if not found then return false end
  end
  return true
end
local found, large, read, looked = {}, 0, 0, 0
for _, id in ipairs(list) do
  if read >= bytes then break end
  looked = looked + 1
  local job = base .. id
  if not sorted and string.sub(id, 1, 2) == '0:' then -- A marker of BullMQ 4.
  elseif careful and isTooLarge(job) then large = large + 1
  else
    local values
    if one then values = call('HGET', job, one)
      if type(values) ~= 'table' then values = { values } end
    elseif #spec.fields > 0 then values = call('HMGET', job, unpack(spec.fields))
    else values = {} end
    if not values.err then
      local biggest = 0
      for i = 1, #spec.fields do
        local size = values[i] and #values[i] or 0
        read = read + size
        if size > biggest then biggest = size end
      end
      if biggest > ${SEARCHED_THERE} then careful = true end
      if biggest > largest then large = large + 1
      elseif may(id, values) then
        for i = 1, #spec.fields do values[i] = values[i] or '' end
        found[#found + 1] = { id, sorted and redis.call('ZSCORE', key, id) or '', unpack(values) }
      end
    end
  end
end
local last = {}
for i = looked, math.max(1, looked - ${ANCHORS - 1}), -1 do last[#last + 1] = list[i] end
return { looked, large, (looked < #list or #list == most) and 1 or 0, sorted and last[1] and redis.call('ZSCORE', key, last[1]) or '', last, careful and 1 or 0, found }`

type Candidate = [id: string, score: string, ...values: string[]]
type Examined = [
  examined: number,
  large: number,
  more: number,
  score: string,
  last: string[],
  careful: number,
  found: Candidate[],
]
const examine = script<Examined>(EXAMINE)

/** The lists or sorted set of a state; of the sorted ones, whether the highest score comes first. */
const SOURCES: Record<JobState, { kind: 'list' | 'zset'; keys: readonly string[]; down?: true }> = {
  waiting: { kind: 'list', keys: ['wait', 'paused'] },
  active: { kind: 'list', keys: ['active'] },
  delayed: { kind: 'zset', keys: ['delayed'] },
  prioritized: { kind: 'zset', keys: ['prioritized'] },
  'waiting-children': { kind: 'zset', keys: ['waiting-children'] },
  completed: { kind: 'zset', keys: ['completed'], down: true },
  failed: { kind: 'zset', keys: ['failed'], down: true },
}

/** Where a search goes on: in which list, from which position or after which job. */
interface Place {
  source: number
  position: number
  last: string[]
  score: string
  /** A large value was met. */
  careful: boolean
}

const beginningOf = (source: number): Place => ({ source, position: 0, last: [], score: '', careful: false })

/**
 * Examines the next few jobs of a state. New jobs shift positions away from what is still to come, and a sorted set goes on after the job it
 * examined last, so none that stays in its place is left out; some may be examined twice.
 */
export async function searchNext(redis: Redis, queue: QueueAddress, search: JobSearch): Promise<JobSearchStep> {
  const base = baseOf(queue)
  const { state, condition, largest, seen } = search
  const { kind, keys, down } = SOURCES[state]
  const place = search.from ? (JSON.parse(search.from) as Place) : beginningOf(0)
  const fields = [...fieldsOf(condition)]
  const spec = {
    fields,
    large: fields.filter(field => LARGE.has(field)),
    needed: neededTexts(condition),
    careful: place.careful,
  }
  const where = kind === 'list' ? [place.position] : [down ? 1 : 0, place.score, ...place.last]
  const [examined, tooLarge, more, score, last, careful, candidates] = await examine(
    redis,
    [base],
    [kind, keys[place.source] as string, JSON.stringify(spec), PIECE, BYTES, largest, ...where],
  )
  const found = candidates.filter(
    ([id, due, ...values]) =>
      // Such an id cannot be sent back to Redis.
      !isLossy(id) && matches(condition, readerOf(id, state === 'delayed' ? due : '', fields, values, seen)),
  )
  const next: Place | undefined =
    more === 1
      ? { ...place, position: place.position + examined, last, score, careful: careful === 1 }
      : place.source + 1 < keys.length
        ? beginningOf(place.source + 1)
        : undefined
  return {
    jobs: await summaries(
      redis,
      base,
      state,
      found.map(([id, at]): Listed => ({ id, ...(at === '' ? {} : { score: Number(at) }) })),
    ),
    examined,
    tooLarge,
    ...(next ? { next: JSON.stringify(next) } : {}),
  }
}

const LARGE = new Set<string>([...Object.values(JSON_FIELDS), 'failedReason', 'stacktrace'])

function readerOf(
  id: string,
  due: string,
  fields: readonly string[],
  values: readonly string[],
  seen: JobSearch['seen'],
): ReadJob {
  const rawOf = (field: string) => values[fields.indexOf(field)] || undefined
  const cached = new Map<string, string | undefined>()
  const once = (field: string, read: (text: string) => string | undefined) => {
    if (!cached.has(field)) {
      const value = rawOf(field)
      cached.set(field, value === undefined ? undefined : read(value))
    }
    return cached.get(field)
  }
  return {
    text: field => {
      if (field === 'id') return id
      return once(TEXT_FIELDS[field], text => (field === 'name' || !seen ? text : seen.text(text)))
    },
    json: field => once(JSON_FIELDS[field], text => (seen ? seen.json(text) : text)),
    number(field) {
      // The low twelve bits of the score only order jobs of the same time.
      if (field === 'due') return due === '' ? undefined : Math.floor(Number(due) / 4_096)
      const text = NUMBER_FIELDS[field].map(rawOf).find(value => value !== undefined)
      const number = text === undefined ? Number.NaN : Number(text)
      return Number.isFinite(number) ? number : undefined
    },
  }
}
