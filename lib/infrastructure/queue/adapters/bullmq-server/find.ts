import { setTimeout as rest } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { FoundQueues, QueueAddress, QueueServer } from '../../server-port.ts'
import { isLossy } from './keys.ts'

const PIECE = 1_000
/** Between two pieces, so that others are served; more when a piece took long (ms). */
const REST = 4
/** Prefixes told apart, and characters of each: keys may be anybody's. */
const PREFIXES = 10_000
const PREFIX_MOST = 300

type Options = Parameters<QueueServer['find']>[0]

/** Every key that ends in `:meta` and holds what BullMQ keeps there. One walk serves all prefixes. */
export async function find(redis: Redis, options: Options): Promise<FoundQueues> {
  const { prefixes, from = '0', budgetMs = 10_000, signal } = options
  const until = performance.now() + budgetMs
  // The longest first: of `jobs` and `jobs:eu`, the latter owns `jobs:eu:mail`.
  const known = [...prefixes].sort((a, b) => b.length - a.length)
  const queues = new Map<string, QueueAddress>()
  const elsewhere = new Map<string, number>()
  let elsewhereRest = 0
  let unreadable = 0
  let candidates = 0
  let cursor = from
  do {
    signal?.throwIfAborted()
    const began = performance.now()
    const [next, keys] = await redis.scan(cursor, 'MATCH', '*:meta', 'COUNT', PIECE)
    cursor = next
    const readable = keys.filter(key => !isLossy(key))
    unreadable += keys.length - readable.length
    candidates += keys.length
    for (const key of await queuesAmong(redis, readable)) {
      const base = key.slice(0, -':meta'.length)
      const prefix = known.find(candidate => base.startsWith(`${candidate}:`) && base.length > candidate.length + 1)
      if (prefix !== undefined) queues.set(base, { prefix, name: base.slice(prefix.length + 1) })
      else {
        const guess = base.slice(0, Math.max(0, base.lastIndexOf(':'))).slice(0, PREFIX_MOST)
        if (elsewhere.size < PREFIXES || elsewhere.has(guess)) elsewhere.set(guess, (elsewhere.get(guess) ?? 0) + 1)
        else elsewhereRest++
      }
    }
    if (cursor !== '0') await rest(Math.max(REST, performance.now() - began))
  } while (cursor !== '0' && performance.now() < until)
  return {
    queues: [...queues.values()],
    elsewhere: [...elsewhere].map(([prefix, count]) => ({ prefix, queues: count })),
    elsewhereRest,
    unreadable,
    candidates,
    ...(cursor === '0' ? {} : { next: cursor }),
  }
}

/** Those that hold a queue's settings: a job or a scheduler may be called `meta` too. */
async function queuesAmong(redis: Redis, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return []
  const read = redis.pipeline()
  for (const key of keys) read.hmget(key, 'version', 'opts.maxLenEvents', 'paused', 'name', 'data')
  const answers = (await read.exec()) ?? []
  return keys.filter((_, index) => {
    const [error, fields] = answers[index] ?? []
    // Another type under that name is somebody else's key.
    if (error) return false
    const [version, events, paused, jobName, jobData] = fields as (string | null)[]
    if (version !== null && version !== undefined) return true
    return (events !== null || paused !== null) && jobName === null && jobData === null
  })
}
