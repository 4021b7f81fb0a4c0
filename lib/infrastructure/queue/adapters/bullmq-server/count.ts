import type { Redis } from 'ioredis'
import type { JobFilter, JobsCount, QueueAddress } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { lower, MATCH } from './match.ts'
import { script } from './script.ts'

/** Counts matches in pieces of a set. KEYS: base. ARGV: the set, name and error wanted, most in the sample, then pairs of ranks. */
const COUNT = `
local base = KEYS[1]
${MATCH}
local count, looked, sample = 0, 0, {}
for i = 5, #ARGV, 2 do
  for _, id in ipairs(redis.call('ZRANGE', base .. ARGV[1], ARGV[i], ARGV[i + 1])) do
    looked = looked + 1
    local fields = redis.pcall('HMGET', base .. id, 'name', 'failedReason')
    if not fields.err and matches(fields[1], ARGV[2]) and matches(fields[2], ARGV[3]) then
      count = count + 1
      if count <= tonumber(ARGV[4]) then
        sample[#sample + 1] = { id, string.sub(fields[1] or '', 1, 200), string.sub(fields[2] or '', 1, 300) }
      end
    end
  end
end
return { count, looked, sample }`

const countMatches = script<[number, number, [string, string, string][]]>(COUNT)

/** Of a set larger than `examine`, pieces spread evenly over it are looked at. */
export async function countJobs(
  redis: Redis,
  queue: QueueAddress,
  set: 'failed' | 'delayed',
  filter: JobFilter,
  { examine = 20_000 } = {},
): Promise<JobsCount> {
  const base = baseOf(queue)
  const total = await redis.zcard(base + set)
  const needsLook = filter.name !== undefined || filter.error !== undefined
  const pieces = piecesOf(total, needsLook ? examine : 0)
  // What an operator has seen in the list: the newest dead letters, the delayed jobs that come next.
  const first = set === 'failed' ? Math.max(0, total - 10) : 0
  const sampleOf = pieces.length === 0 ? [{ from: first, to: first + 9 }] : pieces
  let matched = 0
  let examined = 0
  const sample: JobsCount['sample'] = []
  for (const { from, to } of total === 0 ? [] : sampleOf) {
    const most = Math.max(0, 10 - sample.length)
    const [count, looked, some] = await countMatches(
      redis,
      [base],
      [set, lower(filter.name), lower(filter.error), most, from, to],
    )
    matched += count
    examined += looked
    sample.push(...some.map(([id, name, error]) => ({ id, name, error })))
  }
  if (!needsLook) return { count: total, precision: 'exact', total, examined, sample }
  if (examined >= total) return { count: matched, precision: 'exact', total, examined, sample }
  return { count: Math.round((matched / examined) * total), precision: 'sampled', total, examined, sample }
}

function piecesOf(total: number, examine: number): { from: number; to: number }[] {
  const size = 100
  const pieces: { from: number; to: number }[] = []
  if (examine === 0) return pieces
  const step = Math.max(size, Math.ceil(total / Math.ceil(examine / size)))
  for (let from = 0; from < total; from += step) pieces.push({ from, to: Math.min(total, from + size) - 1 })
  return pieces
}
