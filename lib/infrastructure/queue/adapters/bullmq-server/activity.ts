import type { Redis } from 'ioredis'
import type { QueueActivity, QueueAddress, QueueServer } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'

/** Events read in one step, about a millisecond of Redis' time; and steps in a row for one queue. */
const PIECE = 1_000
const STEPS = 100

/**
 * Counts events after a cursor. KEYS: the stream. ARGV: cursor (empty: only return the end of the stream), most to read.
 * Answers: cursor, completed, failed, whether the cursor's own event was trimmed, whether there may be more.
 */
const COUNT_EVENTS = `
local cursor = ARGV[1]
if cursor == '' then
  local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  return { newest and newest[1] or '0-0', 0, 0, 0, 0 }
end
local trimmed = 0
if cursor ~= '0-0' and #redis.call('XRANGE', KEYS[1], cursor, cursor) == 0 then
  -- An emptied stream keeps its last id: if that is the cursor, nothing was added and nothing was missed.
  local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  if not newest then return { cursor, 0, 0, 0, 0 } end
  trimmed = 1
end
local events = redis.call('XRANGE', KEYS[1], '(' .. cursor, '+', 'COUNT', ARGV[2])
local completed, failed = 0, 0
for _, event in ipairs(events) do
  local fields = event[2]
  for i = 1, #fields, 2 do
    if fields[i] == 'event' then
      if fields[i + 1] == 'completed' then completed = completed + 1
      elseif fields[i + 1] == 'failed' then failed = failed + 1 end
      break
    end
  end
end
local last = events[#events]
return { last and last[1] or cursor, completed, failed, trimmed, #events == tonumber(ARGV[2]) and 1 or 0 }`

const countEvents = script<[string, number, number, number, number]>(COUNT_EVENTS)

/** Completed and failed since a cursor, from the streams of events. */
export async function activity(redis: Redis, queues: Parameters<QueueServer['activity']>[0]): Promise<QueueActivity[]> {
  return Promise.all(
    queues.map(async ({ queue, cursor }) => {
      const [events, recorded] = await Promise.all([
        ofOne(redis, `${baseOf(queue)}events`, cursor),
        recordedOf(redis, queue),
      ])
      return { ...events, ...(recorded ? { recorded } : {}) }
    }),
  )
}

async function recordedOf(redis: Redis, queue: QueueAddress): Promise<QueueActivity['recorded']> {
  const metrics = `${baseOf(queue)}metrics`
  const [completed, failed] = await Promise.all([
    redis.hget(`${metrics}:completed`, 'count'),
    redis.hget(`${metrics}:failed`, 'count'),
  ])
  if (completed === null && failed === null) return
  return { completed: Number(completed ?? 0), failed: Number(failed ?? 0) }
}

async function ofOne(redis: Redis, stream: string, from?: string): Promise<QueueActivity> {
  let cursor = from ?? ''
  let completed = 0
  let failed = 0
  let trimmed = false
  for (let step = 0; step < STEPS; step++) {
    const answer = await countEvents(redis, [stream], [cursor, PIECE])
    completed += answer[1]
    failed += answer[2]
    // Only at the first step: events trimmed later have been counted.
    trimmed ||= step === 0 && answer[3] === 1
    cursor = answer[0]
    if (answer[4] === 0) break
  }
  return { cursor, completed, failed, trimmed }
}
