import type { Redis } from 'ioredis'
import type { JobAct, JobFilter, JobsCount, QueueAddress } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { matchBy, toArgument } from './match.ts'
import { script } from './script.ts'
import { pairs } from './step.ts'
import { WHY_NOT } from './why-not.ts'

/**
 * Counts the jobs an act would take in pieces of a set. KEYS: base. ARGV: the act, its set, the filter, most in the sample, then pairs of
 * ranks. Answers: taken, examined, a sample of those taken, and the reason of each that would stay as it is.
 */
const COUNT = `
local base = KEYS[1]
${matchBy(3)}
${WHY_NOT}
local act, count, looked, sample, refused = ARGV[1], 0, 0, {}, {}
for i = 5, #ARGV, 2 do
  for _, id in ipairs(redis.call(act == 'release' and 'LRANGE' or 'ZRANGE', base .. ARGV[2], ARGV[i], ARGV[i + 1])) do
    looked = looked + 1
    local fields = redis.pcall('HMGET', base .. id, 'name', 'failedReason', 'opts')
    local unreadable = fields.err or (act ~= 'remove' and not fields[1] and not fields[3])
    if unreadable or fits(id, fields[1], fields[2]) then
      local why = whyNot(act, id, fields)
      if why then refused[#refused + 1] = id refused[#refused + 1] = why
      else
        count = count + 1
        if count <= tonumber(ARGV[4]) then
          sample[#sample + 1] = { id, string.sub(fields[1] or '', 1, 200), string.sub(fields[2] or '', 1, 300) }
        end
      end
    end
  end
end
return { count, looked, sample, refused }`

const countMatches = script<[number, number, [string, string, string][], string[]]>(COUNT)

/** The set of jobs that an act takes when it is for all. */
export const SET_OF = {
  replay: 'failed',
  promote: 'delayed',
  remove: 'failed',
  release: 'active',
} as const satisfies Record<JobAct, string>

/** Jobs examined in one step: about a third of a millisecond of Redis' time. */
const PIECE = 100

/** Of a set larger than `examine`, pieces spread evenly over it are examined. */
export async function countJobs(
  redis: Redis,
  queue: QueueAddress,
  act: JobAct,
  filter: JobFilter,
  { examine = 20_000 } = {},
): Promise<JobsCount> {
  const base = baseOf(queue)
  const set = SET_OF[act]
  const wanted = toArgument(filter)
  const total = await (set === 'active' ? redis.llen(base + set) : redis.zcard(base + set))
  let matched = 0
  let examined = 0
  const sample: JobsCount['sample'] = []
  const reasons = new Map<string, number>()
  async function look({ from, to }: Ranks, most: number) {
    const [count, looked, some, refused] = await countMatches(redis, [base], [act, set, wanted, most, from, to])
    matched += count
    examined += looked
    sample.push(...some.map(([id, name, error]) => ({ id, name, error })))
    for (const { reason } of pairs(refused)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  for (const piece of piecesOf(total, examine)) await look(piece, Math.max(0, 10 - sample.length))
  const refused = [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count)
  const found = { total, examined, refused, sample }
  if (examined >= total) return { ...found, count: matched, precision: 'exact' }
  // Without a filter the count is the size of the set, unless some of those examined would stay.
  if (wanted === '{}' && refused.length === 0) return { ...found, count: total, precision: 'exact' }
  return { ...found, count: Math.round((matched / examined) * total), precision: 'sampled' }
}

interface Ranks {
  from: number
  to: number
}

/** The newest dead letters or the next delayed jobs: those that an operator has seen in the list. */
export function piecesOf(total: number, examine: number): Ranks[] {
  const pieces: Ranks[] = []
  const step = Math.max(PIECE, Math.ceil(total / Math.ceil(examine / PIECE)))
  for (let from = 0; from < total; from += step) pieces.push({ from, to: Math.min(total, from + PIECE) - 1 })
  return pieces
}
