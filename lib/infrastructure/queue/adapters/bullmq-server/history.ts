import type { Redis } from 'ioredis'
import type { FinishedTimes, JobEvents, QueueHistory } from '../../history-port.ts'
import type { QueueAddress } from '../../server-port.ts'
import { eventsBack } from './events-back.ts'
import { present } from './job-record.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'
import { ATTEMPTS, ATTEMPTS_OF, SINCE } from './since.ts'

const MOST = 500
const PIECE = 100

/**
 * KEYS: base. ARGV: ids of finished jobs. Answers of each, as far as it is known and -1 where it is not: ms waited before its last attempt,
 * ms of that attempt, and attempts.
 */
const TIMES = `
local base = KEYS[1]
${ATTEMPTS_OF}
local function waited(id, fields, began, attempts)
  local noted, before = string.match(fields[3] or '', '^(%d+):(%d+)$')
  if noted and tonumber(before) == attempts - 1 then return math.max(0, began - tonumber(noted)) end
  local added, opts = tonumber(fields[1]), fields[2]
  -- It began to wait when its last child was done, which nobody kept.
  if attempts ~= 1 or not added or redis.call('EXISTS', base .. id .. ':processed') == 1 then return -1 end
  local delay = opts and #opts < 65536 and tonumber(string.match(opts, '"delay":(%d+)')) or 0
  -- A delayed one that began before its time was promoted. Otherwise the clocks of two processes differ.
  if delay > 0 and began < added + delay then return -1 end
  return math.max(0, began - added - delay)
end
local found = {}
for i, id in ipairs(ARGV) do
  local fields = redis.pcall('HMGET', base .. id, 'timestamp', 'opts', '${SINCE}', 'processedOn', 'finishedOn', ${ATTEMPTS})
  local began, ended = not fields.err and tonumber(fields[4]), not fields.err and tonumber(fields[5])
  local attempts = not fields.err and attemptsOf(fields, 6) or 0
  found[i] = { began and waited(id, fields, began, attempts) or -1, began and ended and ended >= began and ended - began or -1, attempts }
end
return found`

const timesOf = script<[waited: number, processed: number, attempts: number][]>(TIMES)

export function history(redis: Redis): QueueHistory {
  return {
    finishedTimes: queue => finishedTimes(redis, queue),
    async eventsOf(queue, id): Promise<JobEvents> {
      const { events, read, since } = await eventsBack(redis, queue, { job: id })
      return {
        events: events.toReversed().map(({ at, fields }) => ({
          at,
          event: fields.event ?? '',
          ...present({
            prev: fields.prev,
            error: fields.failedReason,
            dueAt: fields.event === 'delayed' ? Number(fields.delay) || undefined : undefined,
          }),
        })),
        read,
        ...present({ since }),
      }
    },
  }
}

async function finishedTimes(redis: Redis, queue: QueueAddress): Promise<FinishedTimes> {
  const base = baseOf(queue)
  const sets = await Promise.all(
    ['completed', 'failed'].map(set => redis.zrevrange(base + set, 0, MOST - 1, 'WITHSCORES')),
  )
  const newest = sets
    .flatMap(flat => flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, finishedAt: Number(flat[at + 1]) }] : [])))
    .sort((a, b) => b.finishedAt - a.finishedAt)
    .slice(0, MOST)
  const times: [number, number, number][] = []
  for (let at = 0; at < newest.length; at += PIECE)
    times.push(
      ...(await timesOf(
        redis,
        [base],
        newest.slice(at, at + PIECE).map(({ id }) => id),
      )),
    )
  const known = (values: number[]) => values.filter(value => value >= 0).sort((a, b) => a - b)
  return {
    jobs: newest.length,
    ...present({ from: newest.at(-1)?.finishedAt, to: newest[0]?.finishedAt }),
    waited: known(times.map(([waited]) => waited)),
    processed: known(times.map(([, processed]) => processed)),
    retried: times.filter(([, , attempts]) => attempts > 1).length,
  }
}
