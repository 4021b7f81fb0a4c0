import type { Redis } from 'ioredis'
import type { JobDetail, QueueAddress, QueueServer } from '../../server-port.ts'
import { contentOf, plainText } from './content.ts'
import { contentField, numberOf, present, readRecords, toSummary } from './job-record.ts'
import { baseOf } from './keys.ts'
import { placeOf } from './place.ts'

const MOST = 262_144
/** The newest lines of a log, and bytes of each. */
const LINES = 200
const LINE = 4_096

/** Everything of one job, each text up to `maxBytes`. */
export async function job(
  redis: Redis,
  queue: QueueAddress,
  id: string,
  { maxBytes = MOST }: Parameters<QueueServer['job']>[2] = {},
): Promise<JobDetail | undefined> {
  const base = baseOf(queue)
  const key = base + id
  const [[record], place] = await Promise.all([readRecords(redis, [key], maxBytes), placeOf(redis, base, id)])
  if (record === undefined && place === undefined) return
  const summary = toSummary(id, place?.state ?? 'waiting', record, { previewBytes: maxBytes, score: place?.score })
  const { state: _, ...rest } = summary
  const none = { options: { bytes: 0 }, stacks: { bytes: 0 }, logs: { total: 0, lines: [] }, stalled: 0 }
  const known = { ...rest, ...(place ? { state: place.state } : {}) }
  if (record === undefined || record === 'other type') return { ...known, ...none }
  const [logs, children, lock] = await Promise.all([
    logsOf(redis, key),
    childrenOf(redis, key),
    redis.pttl(`${key}:lock`),
  ])
  return {
    ...known,
    options: contentField(record, 'opts', maxBytes) ?? { bytes: 0 },
    stacks: contentField(record, 'stacktrace', maxBytes) ?? { bytes: 0 },
    logs,
    stalled: numberOf(record, 'stc') ?? 0,
    ...present({
      result: contentField(record, 'returnvalue', maxBytes),
      processedBy: plainText(record.raw.pb),
      deduplication: plainText(record.raw.deid),
      lockedForMs: lock > 0 ? lock : undefined,
      children,
    }),
  }
}

async function logsOf(redis: Redis, key: string): Promise<JobDetail['logs']> {
  const list = `${key}:logs`
  const [total, lines] = await Promise.all([redis.llen(list), redis.lrangeBuffer(list, -LINES, -1)])
  return { total, lines: lines.map(line => contentOf(line, LINE)) }
}

async function childrenOf(redis: Redis, key: string): Promise<JobDetail['children']> {
  const [pending, done, failed, unsuccessful] = await Promise.all([
    redis.scard(`${key}:dependencies`),
    redis.hlen(`${key}:processed`),
    redis.hlen(`${key}:failed`),
    redis.zcard(`${key}:unsuccessful`),
  ])
  if (pending + done + failed + unsuccessful === 0) return
  return { pending, done, failed: failed + unsuccessful }
}
