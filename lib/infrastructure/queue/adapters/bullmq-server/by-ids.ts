import type { Redis } from 'ioredis'
import type { JobAct, JobLine, QueueAddress } from '../../server-port.ts'
import { SET_OF } from './count.ts'
import { baseOf } from './keys.ts'
import { OWN_JOBS } from './own-jobs.ts'
import { script } from './script.ts'
import { WHY_NOT } from './why-not.ts'

/** KEYS: base. ARGV: the act, its set, ids. Answers those the act could apply to: id, name, error, and why it would stay, or nothing. */
const APPLICABLE = `
local base, act, set = KEYS[1], ARGV[1], ARGV[2]
${WHY_NOT}
local found = {}
for i = 3, #ARGV do
  local id = ARGV[i]
  local applies
  if act == 'remove' then applies = isJob(id)
  elseif act == 'release' then applies = redis.call('LPOS', base .. set, id)
  else applies = redis.call('ZSCORE', base .. set, id) end
  if applies then
    local fields = redis.pcall('HMGET', base .. id, 'name', 'failedReason', 'opts')
    local name = not fields.err and fields[1] or ''
    local error = not fields.err and fields[2] or ''
    found[#found + 1] = { id, string.sub(name, 1, 200), string.sub(error, 1, 300), whyNot(act, id, fields) or '' }
  end
end
return found`

const applicableOf = script<[string, string, string, string][]>(APPLICABLE)
const PIECE = 60

/** Of these ids those the act could apply to, each with the reason if it would stay as it is. */
export async function applicable(
  redis: Redis,
  queue: QueueAddress,
  act: JobAct,
  ids: readonly string[],
): Promise<(JobLine & { why?: string })[]> {
  const unique = [...new Set(ids)]
  const found: (JobLine & { why?: string })[] = []
  for (let at = 0; at < unique.length; at += PIECE) {
    const piece = await applicableOf(redis, [baseOf(queue)], [act, SET_OF[act], ...unique.slice(at, at + PIECE)])
    found.push(...piece.map(([id, name, error, why]) => ({ id, name, error, ...(why ? { why } : {}) })))
  }
  return found
}

/** KEYS: base. ARGV: ids. Answers those that are jobs of this queue. */
const EXISTING = `
local base = KEYS[1]
${OWN_JOBS}
local found = {}
for _, id in ipairs(ARGV) do
  if isJob(id) then found[#found + 1] = id end
end
return found`

const existingFew = script<string[]>(EXISTING)

/** Those that are jobs of this queue: in one of its lists, or at least with name and options. */
export async function existing(redis: Redis, queue: QueueAddress, ids: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (let at = 0; at < ids.length; at += PIECE)
    found.push(...(await existingFew(redis, [baseOf(queue)], ids.slice(at, at + PIECE))))
  return found
}
