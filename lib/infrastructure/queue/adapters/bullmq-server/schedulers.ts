import type { Redis } from 'ioredis'
import type { QueueAddress, SchedulerReading } from '../../server-port.ts'
import { type Answer, answersOf } from './answers.ts'
import { present } from './job-record.ts'
import { baseOf } from './keys.ts'

/** Schedulers in the order in which they are due. Repeatable jobs of BullMQ 4 keep everything in their key: `name:id:endDate:tz:pattern`. */
export async function schedulers(redis: Redis, queue: QueueAddress, limit = 100): Promise<SchedulerReading[]> {
  const set = `${baseOf(queue)}repeat`
  const range = await redis.zrange(set, 0, limit - 1, 'WITHSCORES')
  const due = range.flatMap((key, at) => (at % 2 === 0 ? [{ key, nextAt: Number(range[at + 1]) }] : []))
  if (due.length === 0) return []
  const read = redis.pipeline()
  for (const { key } of due) read.hmget(`${set}:${key}`, 'name', 'pattern', 'every', 'tz', 'endDate', 'limit', 'ic')
  const answers = await answersOf(read)
  return due.map(({ key, nextAt }, at) => {
    const [error, fields] = answers[at] as Answer
    const [name, pattern, every, timeZone, endAt, most, runs] = error ? [] : (fields as (string | null)[])
    if (!name) return { key, nextAt, ...fromKey(key) }
    return {
      key,
      name,
      nextAt,
      ...present({
        pattern: pattern ?? undefined,
        everyMs: numberOf(every),
        timeZone: timeZone ?? undefined,
        endAt: numberOf(endAt),
        limit: numberOf(most),
        runs: numberOf(runs),
      }),
    }
  })
}

function fromKey(key: string): Omit<SchedulerReading, 'key' | 'nextAt'> {
  const [name = '', , endAt, timeZone, ...rest] = key.split(':')
  const rule = rest.join(':')
  return {
    name: name || key,
    ...present({
      endAt: numberOf(endAt || undefined),
      timeZone: timeZone || undefined,
      ...(/^\d+$/.test(rule) ? { everyMs: Number(rule) } : { pattern: rule || undefined }),
    }),
  }
}

function numberOf(text: string | null | undefined): number | undefined {
  const value = text === null || text === undefined ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}
