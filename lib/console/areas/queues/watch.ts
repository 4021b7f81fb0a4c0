import {
  openQueueServer,
  type QueueAddress,
  QueueError,
  type QueueReading,
  type WorkerSighting,
} from '../../../infrastructure/queue/index.ts'
import { counted } from '../../platform/counted.ts'
import type { Outages } from '../../platform/part/outages.ts'
import type { Part } from '../../platform/part/part.ts'
import { part } from '../../platform/part/read-part.ts'
import type { RedisServer } from '../../servers/redis/servers.ts'
import { openViewRedis, whenReady } from '../../servers/view-redis.ts'
import { dyingSinces } from './dying-since.ts'
import type { Known, ServerReading, WatchedQueue, WatchedServer } from './port.ts'
import { type QueueRates, queueRates } from './rates.ts'
import { keyOf, queueSearch } from './search.ts'

const FRESH_FOR = 900
/** Ages change by themselves: they are asked for this often, counts each time (ms). */
const AGES_FOR = 2_500
/** The list of connections is long where there are many: one serves this long (ms). */
const WORKERS_FOR = 4_000

export interface OpenServer extends WatchedServer {
  readonly rates: QueueRates
  start(): void
  close(): Promise<void>
}

interface Sighted {
  at: number
  workers: Known<WorkerSighting>
}

/** One Redis: a search in the background, and readings of what it found that all viewers share. */
export function watchServer(
  { name, url, address, prefixes }: RedisServer,
  { environment, outages, onNews }: { environment: string; outages: Outages; onNews(): void },
): OpenServer {
  const redis = openViewRedis(url, `${environment}:queues`)
  const actsRedis = openViewRedis(url, `${environment}:queue-acts`, 5_000)
  const queues = openQueueServer(redis)
  const acts = openQueueServer(actsRedis)
  const rates = queueRates(queues)
  const search = queueSearch(name, queues, { prefixes, ready: () => whenReady(redis), onNews })
  const dying = dyingSinces()
  let last: Part<ServerReading> | undefined
  let reading: Promise<Part<ServerReading>> | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let sighted: Sighted | undefined
  let aged: { at: number; queues: Map<string, QueueReading> } | undefined

  async function readAll(): Promise<ServerReading> {
    await whenReady(redis)
    const addresses = [...search.found.values()]
    const [found, workers, evictionPolicy] = await Promise.all([readQueues(addresses), sightWorkers(), policy()])
    const list = found.flatMap((one, index): WatchedQueue[] => {
      const key = keyOf(addresses[index] as QueueAddress)
      if (one) return [{ ...one, key, rate: rates.of(key), workers: workersOf(key, one.counts.active ?? 0, workers) }]
      search.forget(key)
      dying.forget(key)
      return []
    })
    return { queues: list, search: search.state, ...(evictionPolicy ? { evictionPolicy } : {}) }
  }

  /** Counts, and ages from a moment ago where they can still be true; of queues not known before, everything. */
  async function readQueues(addresses: readonly QueueAddress[]): Promise<(QueueReading | undefined)[]> {
    const known = aged && performance.now() - aged.at < AGES_FOR ? aged.queues : undefined
    if (!known || addresses.some(address => !known.has(keyOf(address)))) {
      const found = (await queues.readings(addresses)).map(
        (one, index) => one && dying.of(keyOf(addresses[index] as QueueAddress), one),
      )
      const read = found.flatMap((one, index) => (one ? [[keyOf(addresses[index] as QueueAddress), one] as const] : []))
      aged = { at: performance.now(), queues: new Map(read) }
      return found
    }
    const found = await queues.readings(addresses, { ages: false })
    return found.map((one, index) => one && withAges(one, known.get(keyOf(addresses[index] as QueueAddress))))
  }

  async function sightWorkers(): Promise<Known<WorkerSighting>> {
    if (sighted && performance.now() - sighted.at < WORKERS_FOR) return sighted.workers
    let workers: Known<WorkerSighting>
    try {
      workers = { known: true, value: await queues.workers() }
    } catch (error) {
      if (!(error instanceof QueueError && error.code === 'QUEUE_DENIED')) throw error
      workers = { known: false, reason: [error.message, error.nextStep].filter(Boolean).join('. ') }
    }
    sighted = { at: performance.now(), workers }
    return workers
  }

  /** INFO needs no right to read the configuration. Not knowing it is no reason to show nothing. */
  async function policy(): Promise<string | undefined> {
    const info = await redis.info('memory').catch(() => '')
    return /^maxmemory_policy:(\S+)/m.exec(info)?.[1]
  }

  async function refresh(): Promise<Part<ServerReading>> {
    const answer = await part(`Redis ${name}`, outages, readAll())
    const before = last
    last =
      answer.status === 'down' && before !== undefined && before.status !== 'down'
        ? { ...answer, status: 'stale', data: before.data, at: before.at }
        : answer
    readAt = performance.now()
    return last
  }

  function addressOf(key: string) {
    const known = search.found.get(key)
    if (known) return known
    const prefix = prefixes
      .filter(candidate => key.startsWith(`${candidate}:`) && key.length > candidate.length + 1)
      .sort((a, b) => b.length - a.length)[0]
    return prefix === undefined ? undefined : { prefix, name: key.slice(prefix.length + 1) }
  }

  function read({ maxAge = FRESH_FOR }: { maxAge?: number } = {}): Promise<Part<ServerReading>> {
    if (maxAge > 0 && last && performance.now() - readAt < maxAge) return Promise.resolve(last)
    const begin = () => {
      reading ??= refresh().finally(() => {
        reading = undefined
      })
      return reading
    }
    // One that is under way may have missed what the asker must see.
    if (maxAge === 0) aged = undefined
    return maxAge === 0 && reading ? reading.then(begin) : begin()
  }

  return {
    name,
    address,
    prefixes,
    queues,
    acts,
    rates,
    addressOf,
    read,
    peek() {
      void read()
      return last
    },
    async find(key) {
      const queue = addressOf(key)
      if (!queue) return
      await whenReady(redis)
      const [[found], workers] = await Promise.all([queues.readings([queue]), sightWorkers()])
      if (!found) return
      if (!search.found.has(key)) search.add(queue)
      return { ...found, key, rate: rates.of(key), workers: workersOf(key, found.counts.active ?? 0, workers) }
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

function withAges(
  now: QueueReading,
  { waitingSince, lastFailedAt, failedLately, dyingSince, nextDueAt, schedulers }: Partial<QueueReading> = {},
): QueueReading {
  const { waiting, prioritized, failed, delayed } = now.counts
  return {
    ...now,
    schedulers,
    ...(waiting || prioritized ? { waitingSince } : {}),
    ...(failed ? { lastFailedAt, failedLately, dyingSince } : {}),
    ...(delayed ? { nextDueAt } : {}),
  }
}

/** Nobody is known to work on it only when every connection that could says for whom it works. */
function workersOf(key: string, active: number, sighting: Known<WorkerSighting>): WatchedQueue['workers'] {
  if (!sighting.known) return sighting
  const named = sighting.value.byQueue.get(key) ?? []
  if (named.length > 0) return { known: true, value: named }
  const { unnamed } = sighting.value
  if (active > 0)
    return {
      known: false,
      reason: 'Jobs are being worked on, but no connection says that it is a worker of this queue.',
    }
  if (unnamed > 0)
    return {
      known: false,
      reason: `${counted(unnamed, 'connection waits', 'connections wait')} for jobs without saying of which queue.`,
    }
  return { known: true, value: [] }
}
