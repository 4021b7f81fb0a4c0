import type { Redis } from 'ioredis'
import type { WhyNot } from '../../server-edits.ts'
import type { QueueAddress, QueueMajor } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'
import { CHECK_MAJOR } from './step.ts'
import { WAKE } from './wake.ts'
import { WHY_NOT_REMOVED } from './why-not.ts'

/**
 * The beginning of an act on one job. KEYS: base. ARGV: major, id, now (ms), then those of the act. Defines `id`, `job`, `now`, `waits()`, which says in which list it waits, and
 * `takeOut(list)`. The script answers why it was not done, or an empty text.
 */
const ONE_JOB = `
${CHECK_MAJOR}
local id, now = ARGV[2], tonumber(ARGV[3])
local job = base .. id
${WHY_NOT_REMOVED}
${WAKE}
if not isJob(id) then return 'there is no such job' end
if redis.call('EXISTS', job .. ':lock') == 1 or redis.call('LPOS', base .. 'active', id) then return 'a worker is processing it' end
local function waits()
  for _, set in ipairs({ 'delayed', 'prioritized' }) do if redis.call('ZSCORE', base .. set, id) then return set end end
  for _, list in ipairs({ 'wait', 'paused' }) do if redis.call('LPOS', base .. list, id) then return list end end
end
local function takeOut(list)
  if list == 'wait' or list == 'paused' then redis.call('LREM', base .. list, -1, id) else redis.call('ZREM', base .. list, id) end
end
local NOT_WAITING = 'it is not waiting any more'
`

/** An act on one job, as a function. */
export function onOne(source: string) {
  const act = script<string>(ONE_JOB + source)
  return async (
    redis: Redis,
    queue: QueueAddress,
    major: QueueMajor,
    id: string,
    ...args: (string | number)[]
  ): Promise<WhyNot> => (await act(redis, [baseOf(queue)], [major, id, Date.now(), ...args])) || undefined
}
