import type { Redis } from 'ioredis'
import type { Content, JobDetail, QueueAddress, QueueServer } from '../../server-port.ts'
import { existing } from './by-ids.ts'
import { childrenOf, whereIs } from './children.ts'
import { contentOf, plainText } from './content.ts'
import { contentField, numberOf, present, readRecords, toSummary } from './job-record.ts'
import { baseOf } from './keys.ts'
import { orphaned } from './orphaned.ts'
import { placeOf } from './place.ts'
import { script } from './script.ts'

const MOST = 262_144
/** The newest lines of a log, and bytes of each. */
const LINES = 200
const LINE = 4_096
/** Data larger than this is not read at all: Redis would have to copy all of it. */
const LARGEST = 33_554_432

/** Everything of one job, each text up to `maxBytes`. */
export async function job(
  redis: Redis,
  queue: QueueAddress,
  id: string,
  { maxBytes = MOST }: Parameters<QueueServer['job']>[2] = {},
): Promise<JobDetail | undefined> {
  const base = baseOf(queue)
  const key = base + id
  const [[record], place, own] = await Promise.all([
    readRecords(redis, [key], maxBytes),
    placeOf(redis, base, id),
    existing(redis, queue, [id]),
  ])
  if (own.length === 0 || (record === undefined && place === undefined)) return
  const summary = toSummary(id, place?.state ?? 'waiting', record, { previewBytes: maxBytes, score: place?.score })
  const { state: _, ...rest } = summary
  const none = { options: { bytes: 0 }, stacks: { bytes: 0 }, logs: { total: 0, lines: [] }, stalled: 0 }
  const known = { ...rest, ...(place ? { state: place.state } : {}) }
  if (record === undefined || record === 'other type') return { ...known, ...none }
  const data =
    known.data.text === undefined && known.data.hex === undefined
      ? await beginning(redis, key, known.data.bytes, maxBytes)
      : undefined
  const [logs, children, parentAt, lock, orphans] = await Promise.all([
    logsOf(redis, key),
    childrenOf(redis, key),
    known.parent === undefined ? undefined : whereIs(redis, known.parent),
    redis.pttl(`${key}:lock`),
    orphaned(redis, base, place?.state === 'active' ? [id] : []),
  ])
  return {
    ...known,
    ...(data ? { data } : {}),
    options: contentField(record, 'opts', maxBytes) ?? { bytes: 0 },
    stacks: contentField(record, 'stacktrace', maxBytes) ?? { bytes: 0 },
    logs,
    stalled: numberOf(record, 'stc') ?? 0,
    ...present({
      result: contentField(record, 'returnvalue', maxBytes),
      processedBy: plainText(record.raw.pb),
      deduplication: plainText(record.raw.deid),
      lockedForMs: lock > 0 ? lock : undefined,
      attemptsBegun: numberOf(record, 'ats') ?? numberOf(record, 'attemptsMade'),
      orphaned: orphans.has(id) || undefined,
      children,
      parentAt,
    }),
  }
}

const readBeginning = script<string>(
  "return string.sub(redis.call('HGET', KEYS[1], 'data') or '', 1, tonumber(ARGV[1]))",
)

/** The beginning of data that is too large. */
async function beginning(redis: Redis, key: string, bytes: number, maxBytes: number): Promise<Content | undefined> {
  if (bytes === 0 || bytes > LARGEST) return
  const { text } = contentOf(Buffer.from(await readBeginning(redis, [key], [maxBytes])), maxBytes)
  // The cut may be within a character, which then reads as replacement characters.
  return { bytes, text: (text as string).replace(/\ufffd+$/, ''), cut: true }
}

async function logsOf(redis: Redis, key: string): Promise<JobDetail['logs']> {
  const list = `${key}:logs`
  const [total, lines] = await Promise.all([redis.llen(list), redis.lrangeBuffer(list, -LINES, -1)])
  return { total, lines: lines.map(line => contentOf(line, LINE)) }
}
