import type { Redis } from 'ioredis'
import type { DeadLetterPlace, DeadLetterRecord, DeadLetterServer, DeadLetterSet } from '../../dead-letters-port.ts'
import type { QueueAddress } from '../../server-port.ts'
import { answersOf } from './answers.ts'
import { plainText } from './content.ts'
import { present } from './job-record.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'

/** Dead letters read in one step: about a third of a millisecond of Redis' time. */
const PIECE = 50
const MOST_PLACES = 1_000
/** Stacks of all attempts that together are longer than this are not parsed. */
const STACKS = 65_536

/** Expects `base`; defines `describe(id, score)`: id, score, name, error, last stack, time added, attempts. */
const DESCRIBE = `
local function describe(id, score)
  local fields = redis.pcall('HMGET', base .. id, 'name', 'failedReason', 'timestamp', 'atm', 'attemptsMade')
  if fields.err then return { id, score, '', '', '', '', '' } end
  local stack = ''
  local size = redis.call('HSTRLEN', base .. id, 'stacktrace')
  if size > 2 and size <= ${STACKS} then
    local sound, stacks = pcall(cjson.decode, redis.call('HGET', base .. id, 'stacktrace'))
    if sound and type(stacks) == 'table' and type(stacks[#stacks]) == 'string' then stack = string.sub(stacks[#stacks], 1, 8192) end
  end
  return { id, score, string.sub(fields[1] or '', 1, 200), string.sub(fields[2] or '', 1, 4096), stack, fields[3] or '', fields[4] or fields[5] or '' }
end
`

/** KEYS: base. ARGV: ids. */
const CHOSEN = `
local base = KEYS[1]
${DESCRIBE}
local found = {}
for _, id in ipairs(ARGV) do
  local score = redis.call('ZSCORE', base .. 'failed', id)
  if score then found[#found + 1] = describe(id, score) end
end
return found`

/**
 * KEYS: base. ARGV: id and score of the place, both empty for the beginning; the latest score; how many. The place is found even when its
 * job is gone: those with its score are ordered by their ids.
 */
const AFTER = `
local base, failed = KEYS[1], KEYS[1] .. 'failed'
${DESCRIBE}
local from = 0
if ARGV[2] ~= '' then
  local low = redis.call('ZCOUNT', failed, '-inf', '(' .. ARGV[2])
  local high = low + redis.call('ZCOUNT', failed, ARGV[2], ARGV[2])
  while low < high do
    local middle = math.floor((low + high) / 2)
    if redis.call('ZRANGE', failed, middle, middle)[1] > ARGV[1] then high = middle else low = middle + 1 end
  end
  from = low
end
local list = redis.call('ZRANGE', failed, from, from + tonumber(ARGV[4]) - 1, 'WITHSCORES')
local found, over = {}, #list < 2 * tonumber(ARGV[4])
for i = 1, #list, 2 do
  if ARGV[3] ~= '' and tonumber(list[i + 1]) > tonumber(ARGV[3]) then over = true break end
  found[#found + 1] = describe(list[i], list[i + 1])
end
return { over and 1 or 0, found }`

type Described = [id: string, score: string, name: string, error: string, stack: string, addedAt: string, made: string]
const chosen = script<Described[]>(CHOSEN)
const next = script<[over: number, found: Described[]]>(AFTER)

export function deadLetterReads(
  redis: Redis,
): Pick<DeadLetterServer, 'deadLetterSets' | 'deadLetterPlaces' | 'deadLettersOf' | 'deadLettersAfter' | 'dataOf'> {
  return {
    async deadLetterSets(queues) {
      const read = redis.pipeline()
      for (const queue of queues) {
        const failed = `${baseOf(queue)}failed`
        read.zcard(failed).zrange(failed, -1, -1, 'WITHSCORES')
      }
      const answers = (await answersOf(read)).map(([error, value]) => {
        if (error) throw error
        return value
      })
      return queues.map((_, at): DeadLetterSet => {
        const [newest] = toPlaces(answers[at * 2 + 1] as string[])
        return { total: Number(answers[at * 2]), ...(newest ? { newest } : {}) }
      })
    },
    deadLetterPlaces: async (queue, from, limit) =>
      toPlaces(
        await redis.zrange(`${baseOf(queue)}failed`, from, from + Math.min(limit, MOST_PLACES) - 1, 'WITHSCORES'),
      ),
    async deadLettersOf(queue, ids) {
      const found: DeadLetterRecord[] = []
      for (let at = 0; at < ids.length; at += PIECE)
        found.push(...(await chosen(redis, [baseOf(queue)], ids.slice(at, at + PIECE))).map(toRecord))
      return found
    },
    async deadLettersAfter(queue, { after, until, limit }) {
      const place = after ? [after.id, String(after.failedAt)] : ['', '']
      const args = [...place, until === undefined ? '' : String(until), Math.min(limit, PIECE)]
      const [over, found] = await next(redis, [baseOf(queue)], args)
      return { records: found.map(toRecord), finished: over === 1 }
    },
    dataOf: (queue, ids, maxBytes) => dataOf(redis, queue, ids, maxBytes),
  }
}

async function dataOf(
  redis: Redis,
  queue: QueueAddress,
  ids: readonly string[],
  maxBytes: number,
): Promise<Map<string, string>> {
  const base = baseOf(queue)
  const measure = redis.pipeline()
  for (const id of ids) measure.hstrlen(base + id, 'data')
  const sizes = await answersOf(measure)
  const small = ids.filter((_, at) => {
    const [error, size] = sizes[at] as (typeof sizes)[number]
    return !error && Number(size) > 0 && Number(size) <= maxBytes
  })
  const read = redis.pipeline()
  for (const id of small) read.hgetBuffer(base + id, 'data')
  const values = await answersOf(read)
  return new Map(
    small.flatMap((id, at) => {
      const text = plainText(values[at]?.[1] as Buffer | null)
      return text === undefined ? [] : [[id, text] as const]
    }),
  )
}

function toPlaces(flat: readonly string[]): DeadLetterPlace[] {
  return flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, failedAt: Number(flat[at + 1]) }] : []))
}

function toRecord([id, score, name, error, stack, addedAt, made]: Described): DeadLetterRecord {
  return {
    id,
    failedAt: Number(score),
    name,
    error,
    attemptsMade: Number(made) || 0,
    ...present({ stack: stack || undefined, addedAt: Number(addedAt) || undefined }),
  }
}
