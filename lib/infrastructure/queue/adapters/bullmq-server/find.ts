import { setTimeout as rest } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { FoundQueues, QueueAddress, QueueServer } from '../../server-port.ts'
import { type Answer, answersOf } from './answers.ts'
import { isLossy, splitKey } from './keys.ts'

const PIECE = 500
/** Pause between two pieces, so that Redis serves others; longer when a piece took long (ms). */
const REST = 2
/** The most prefixes listed, and characters of each: keys may be foreign. */
const PREFIXES = 10_000
const PREFIX_MOST = 300

/** `meta` and `events` in one scan; a glob has no alternatives, so other matches are filtered out here. */
const PATTERN = '*:[me][ev][te][an]*'
const META = ':meta'
const EVENTS = ':events'

type Options = Parameters<QueueServer['find']>[0]

/** Every key under which BullMQ keeps a queue's settings or its events. One scan serves all prefixes. */
export async function find(redis: Redis, options: Options): Promise<FoundQueues> {
  const { prefixes, from = '0', budgetMs = 10_000, signal } = options
  const until = performance.now() + budgetMs
  const seen = new Set<string>()
  const queues: QueueAddress[] = []
  const elsewhere = new Map<string, number>()
  let elsewhereRest = 0
  let unreadable = 0
  let candidates = 0
  let cursor = from
  do {
    signal?.throwIfAborted()
    const began = performance.now()
    const [next, keys] = await redis.scan(cursor, 'MATCH', PATTERN, 'COUNT', PIECE)
    cursor = next
    const ends = keys.filter(key => key.endsWith(META) || key.endsWith(EVENTS))
    const readable = ends.filter(key => !isLossy(key))
    unreadable += ends.length - readable.length
    candidates += ends.length
    for (const queue of await queuesAmong(redis, readable, seen)) {
      seen.add(queue)
      const address = splitKey(queue, prefixes)
      if (address) {
        queues.push(address)
        continue
      }
      const guess = queue.slice(0, Math.max(0, queue.lastIndexOf(':'))).slice(0, PREFIX_MOST)
      if (prefixes === undefined) continue
      if (elsewhere.size < PREFIXES || elsewhere.has(guess)) elsewhere.set(guess, (elsewhere.get(guess) ?? 0) + 1)
      else elsewhereRest++
    }
    if (cursor !== '0') await rest(Math.max(REST, performance.now() - began))
  } while (cursor !== '0' && performance.now() < until)
  return {
    queues,
    elsewhere: [...elsewhere].map(([prefix, count]) => ({ prefix, queues: count })),
    elsewhereRest,
    unreadable,
    candidates,
    ...(cursor === '0' ? {} : { next: cursor }),
  }
}

/** Those that are queues, as `prefix:name`, each once. */
async function queuesAmong(redis: Redis, keys: readonly string[], seen: ReadonlySet<string>): Promise<Set<string>> {
  const bases = (end: string) =>
    keys
      .filter(key => key.endsWith(end))
      .flatMap(key => (seen.has(key.slice(0, -end.length)) ? [] : key.slice(0, -end.length)))
  const found = new Set(await bySettings(redis, bases(META)))
  for (const queue of await byEvents(
    redis,
    bases(EVENTS).filter(base => !found.has(base)),
  ))
    found.add(queue)
  return found
}

/** Those whose `meta` contains a queue's settings: a job or a scheduler may be named `meta` too. */
async function bySettings(redis: Redis, bases: readonly string[]): Promise<string[]> {
  if (bases.length === 0) return []
  const read = redis.pipeline()
  for (const base of bases) read.hmget(base + META, 'version', 'opts.maxLenEvents', 'name', 'data')
  const answers = await answersOf(read)
  return bases.filter((_, at) => {
    const [error, fields] = answers[at] as Answer
    // A key of another type with that name is foreign.
    if (error) return false
    const [version, events, jobName, jobData] = fields as (string | null)[]
    if (version) return /^[\w-]+:\d+\./.test(version)
    return events !== null && jobName === null && jobData === null
  })
}

const EVENT_NAMES = new Set(
  'added waiting active completed failed delayed progress removed drained paused resumed stalled cleaned duplicated deduplicated debounced retries-exhausted waiting-children'.split(
    ' ',
  ),
)
const BESIDE = ['id', 'wait', 'paused', 'active', 'delayed', 'prioritized', 'completed', 'failed', 'waiting-children']
/** Programs may add events of their own to the stream. */
const NEWEST = 20

/** Those whose stream contains BullMQ's events and that have or had jobs. Flows and workers alone write no settings. */
async function byEvents(redis: Redis, bases: readonly string[]): Promise<string[]> {
  if (bases.length === 0) return []
  const read = redis.pipeline()
  for (const base of bases) {
    read.xrevrange(base + EVENTS, '+', '-', 'COUNT', NEWEST)
    read.exists(...BESIDE.map(suffix => `${base}:${suffix}`))
  }
  const answers = await answersOf(read)
  return bases.filter((_, at) => {
    const [error, events] = answers[at * 2] as Answer
    const [, beside] = answers[at * 2 + 1] as Answer
    if (error || !beside) return false
    const named = (events as [string, string[]][]).map(([, [field, name]]) => (field === 'event' && name) || '')
    // An empty stream neither confirms nor excludes a queue.
    return named.length === 0 || named.some(name => EVENT_NAMES.has(name))
  })
}
