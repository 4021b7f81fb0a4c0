import {
  type DeadChildren,
  openQueueServer,
  type QueueAddress,
  type QueueMajor,
  type QueueReading,
  splitQueueKey,
} from '../../../infrastructure/queue/index.ts'
import type { Outages } from '../../platform/part/outages.ts'
import type { Part } from '../../platform/part/part.ts'
import { part } from '../../platform/part/read-part.ts'
import type { RedisServer } from '../../servers/redis/servers.ts'
import { openViewRedis, whenReady } from '../../servers/view-redis.ts'
import { blockedParents } from './blocked-parents.ts'
import { failingSinceTracker } from './failing-since.ts'
import { settleMajor } from './major.ts'
import type { MajorSettings } from './major-settings.ts'
import type { ServerReading, WatchedQueue, WatchedServer } from './port.ts'
import { type QueueRates, queueRates } from './rates.ts'
import { keyOf, queueSearch } from './search.ts'
import { workerSighting, workersOf } from './sighting.ts'

const FRESH_FOR = 900
/** How often ages are read (ms); counts are read each time. */
const AGES_FOR = 4_500

export interface OpenServer extends WatchedServer {
  readonly rates: QueueRates
  start(): void
  close(): Promise<void>
}

/** One Redis: a search in the background, and readings of what it found that all viewers share. */
export function watchServer(
  { name, url, address, prefixes }: RedisServer,
  {
    environment,
    outages,
    majorSettings,
    onNews,
  }: { environment: string; outages: Outages; majorSettings: Pick<MajorSettings, 'read'>; onNews(): void },
): OpenServer {
  const redis = openViewRedis(url, `${environment}:queues`)
  const actsRedis = openViewRedis(url, `${environment}:queue-acts`, 5_000)
  const queues = openQueueServer(redis)
  const acts = openQueueServer(actsRedis)
  const rates = queueRates(queues)
  const search = queueSearch(name, queues, { prefixes, ready: () => whenReady(redis), onNews })
  const failing = failingSinceTracker()
  const blocked = blockedParents(queues)
  const sightWorkers = workerSighting(queues)
  let last: Part<ServerReading> | undefined
  let reading: Promise<Part<ServerReading>> | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let aged: { at: number; queues: Map<string, QueueReading> } | undefined

  async function readAll(): Promise<ServerReading> {
    await whenReady(redis)
    const addresses = [...search.found.values()]
    const [found, workers, evictionPolicy] = await Promise.all([readQueues(addresses), sightWorkers(), policy()])
    const list = found.flatMap((one, index): WatchedQueue[] => {
      const key = keyOf(addresses[index] as QueueAddress)
      if (one) return [{ ...one, key, rate: rates.of(key), workers: workersOf(key, activeOf(one), workers) }]
      search.forget(key)
      failing.forget(key)
      return []
    })
    const [settled, deadOf] = await Promise.all([settle(list, list), blocked.of(list)])
    const queuesNow = settled.map(queue => withDead(queue, deadOf(queue)))
    return { queues: queuesNow, search: search.state, ...(evictionPolicy ? { evictionPolicy } : {}) }
  }

  /** The same queues, with the majors of those that do not name theirs; `all` are their siblings. */
  async function settle(
    list: WatchedQueue[],
    all: readonly WatchedQueue[],
    { maxAge }: { maxAge?: number } = {},
  ): Promise<WatchedQueue[]> {
    if (list.every(({ writer }) => writer.version !== undefined)) return list
    const settingOf = await majorSettings.read(maxAge === undefined ? {} : { maxAge })
    const siblings = Map.groupBy(
      all.filter(({ writer }) => writer.version !== undefined),
      ({ prefix }) => prefix,
    )
    const majorsUnder = (prefix: string) =>
      new Set((siblings.get(prefix) ?? []).flatMap(({ writer }): QueueMajor[] => (writer.major ? [writer.major] : [])))
    return list.map(queue => ({
      ...queue,
      writer: settleMajor(queue.writer, {
        workers: queue.workers.known ? queue.workers.value : [],
        setting: settingOf(name, queue.key),
        siblings: majorsUnder(queue.prefix),
      }),
    }))
  }

  /** Counts, and recent ages where they can still be right; for new queues everything. */
  async function readQueues(addresses: readonly QueueAddress[]): Promise<(QueueReading | undefined)[]> {
    const known = aged && performance.now() - aged.at < AGES_FOR ? aged.queues : undefined
    if (!known || addresses.some(address => !known.has(keyOf(address)))) {
      const found = (await queues.readings(addresses)).map(
        (one, index) => one && failing.of(keyOf(addresses[index] as QueueAddress), one),
      )
      const read = found.flatMap((one, index) => (one ? [[keyOf(addresses[index] as QueueAddress), one] as const] : []))
      aged = { at: performance.now(), queues: new Map(read) }
      return found
    }
    const found = await queues.readings(addresses, { ages: false })
    return found.map((one, index) => one && withAges(one, known.get(keyOf(addresses[index] as QueueAddress))))
  }

  /** From INFO, which needs no right to read the configuration. Undefined if not known: the rest is still shown. */
  async function policy(): Promise<string | undefined> {
    const info = await redis.info('memory').catch(() => '')
    return /^maxmemory_policy:(\S+)/m.exec(info)?.[1]
  }

  async function refresh(): Promise<Part<ServerReading>> {
    const answer = await part(`Redis ${name}`, outages, readAll())
    const before = last
    last =
      // Before the first queue is found a reading asks for nothing, which says little about what may be read.
      answer.status === 'down' && before !== undefined && before.status !== 'down' && before.data.queues.length > 0
        ? { ...answer, status: 'stale', data: before.data, at: before.at }
        : answer
    readAt = performance.now()
    return last
  }

  const addressOf = (key: string) => search.found.get(key) ?? splitQueueKey(key, prefixes)

  function read({ maxAge = FRESH_FOR }: { maxAge?: number } = {}): Promise<Part<ServerReading>> {
    if (maxAge > 0 && last && performance.now() - readAt < maxAge) return Promise.resolve(last)
    const begin = () => {
      reading ??= refresh().finally(() => {
        reading = undefined
      })
      return reading
    }
    // A reading under way may have missed what the caller must see.
    if (maxAge === 0) aged = undefined
    return maxAge === 0 && reading ? reading.then(begin) : begin()
  }

  return {
    name,
    address,
    ...(prefixes ? { prefixes } : {}),
    queues,
    acts,
    rates,
    addressOf,
    read,
    peek() {
      void read()
      return last
    },
    async find(key, options) {
      const queue = addressOf(key)
      if (!queue) return
      await whenReady(redis)
      const [[found], workers] = await Promise.all([queues.readings([queue]), sightWorkers(options)])
      if (!found) return
      if (!search.found.has(key)) search.add(queue)
      const watched = { ...found, key, rate: rates.of(key), workers: workersOf(key, activeOf(found), workers) }
      const whole = withDead(watched, await blocked.now(watched))
      if (whole.writer.version !== undefined) return whole
      // An act depends on this: a major set a moment ago counts, and so do the siblings.
      const around = last ?? (await read())
      const [settled] = await settle([whole], around.status === 'down' ? [] : around.data.queues, { maxAge: 0 })
      return settled
    },
    start: () => search.start(),
    async close() {
      await search.close()
      await reading
      redis.disconnect()
      actsRedis.disconnect()
    },
  }
}

/** Jobs that a worker is certainly processing. */
const activeOf = ({ counts, orphans = 0 }: QueueReading) => (counts.active ?? 0) - orphans

const withDead = (queue: WatchedQueue, deadChildren: DeadChildren | undefined): WatchedQueue =>
  deadChildren ? { ...queue, deadChildren } : queue

function withAges(
  now: QueueReading,
  {
    waitingSince,
    orphans,
    lastFailedAt,
    failedLately,
    failingSince,
    nextDueAt,
    schedulers,
  }: Partial<QueueReading> = {},
): QueueReading {
  const { waiting, prioritized, failed, delayed, active } = now.counts
  return {
    ...now,
    schedulers,
    ...(waiting || prioritized ? { waitingSince } : {}),
    ...(active && orphans ? { orphans: Math.min(orphans, active) } : {}),
    ...(failed ? { lastFailedAt, failedLately, failingSince } : {}),
    ...(delayed ? { nextDueAt } : {}),
  }
}
