import type { DeadLetterSet } from '../../../infrastructure/queue/index.ts'
import type { Outages } from '../../platform/part/outages.ts'
import type { Part } from '../../platform/part/part.ts'
import { part as readPart } from '../../platform/part/read-part.ts'
import type { WatchedQueue, WatchedServer } from '../queues/index.ts'
import type { FailureIndex, QueueFailures, ServerFailures } from './port.ts'
import { type QueueIndex, queueIndex } from './queue-index.ts'

/** How often it is brought up to date while someone is looking, for how long after the last look, and otherwise (ms). */
const LOOKED_AT_EVERY = 2_000
const LOOKED_AT_FOR = 15_000
const EVERY = 5_000
/** A page on which nothing changes does not ask again, so it may not take much longer; with very many queues this much longer for each (ms). */
const EVERY_OF_QUEUE = 2
/** Dead letters known at a time of one queue, and of one Redis. */
const MOST_OF_QUEUE = 10_000
const MOST = 200_000
const SETS = 200
/** How often all ids are read again (ms). */
const WHOLE_EVERY = 5 * 60_000

/** Examines the dead letters of one Redis in the background, each once: what viewers cost does not depend on how many they are. */
export function failureIndex(
  server: WatchedServer,
  { outages, onNews }: { outages: Outages; onNews(): void },
): FailureIndex {
  const indexes = new Map<string, QueueIndex>()
  const closing = new AbortController()
  let last: Part<ServerFailures> | undefined
  let complete = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let queueCount = 0
  let wholeAt = performance.now()
  let timer: NodeJS.Timeout | undefined
  let passing: Promise<void> | undefined

  /** Which queues have dead letters now. The list of queues may be a moment old: reading it here would keep it as fresh as for a viewer. */
  async function setsNow(queues: readonly Pick<WatchedQueue, 'key'>[]): Promise<Map<string, DeadLetterSet>> {
    const keys = queues.map(({ key }) => key).filter(key => server.addressOf(key) !== undefined)
    const found = new Map<string, DeadLetterSet>()
    for (let at = 0; at < keys.length; at += SETS) {
      const some = keys.slice(at, at + SETS)
      const sets = await server.queues.deadLetterSets(some.flatMap(key => server.addressOf(key) ?? []))
      for (const [nth, set] of sets.entries()) if (set.total > 0) found.set(some[nth] as string, set)
    }
    return found
  }

  async function pass() {
    const before = last
    const reading = server.peek() ?? (await server.read())
    const sets =
      reading.status === 'up'
        ? await readPart(`Redis ${server.name}`, outages, setsNow(reading.data.queues))
        : { ...reading, status: 'down' as const }
    if (sets.status !== 'up') {
      const known = before && before.status !== 'down' ? before : undefined
      const { reason, since, nextStep } = sets as Extract<Part<never>, { status: 'down' }>
      last = known
        ? { status: 'stale', reason, since, nextStep, data: known.data, at: known.at }
        : { status: 'down', reason, since, nextStep }
      if (before?.status !== last.status) onNews()
      return
    }
    let changed = before?.status !== 'up'
    for (const key of indexes.keys()) {
      if (sets.data.has(key)) continue
      indexes.delete(key)
      changed = true
    }
    queueCount = reading.status === 'up' ? reading.data.queues.length : queueCount
    const limit = Math.min(MOST_OF_QUEUE, Math.floor(MOST / Math.max(1, sets.data.size)))
    const pending = [...sets.data].filter(([key]) => !indexes.has(key)).length > 0
    if (pending) publish(false)
    const whole = performance.now() - wholeAt > WHOLE_EVERY
    if (whole) wholeAt = performance.now()
    for (const [key, set] of sets.data) {
      const address = server.addressOf(key)
      if (!address) continue
      const index = indexes.get(key) ?? queueIndex(server.queues, key, address)
      if (await index.refresh(set, limit, closing.signal, { whole })) changed = true
      indexes.set(key, index)
    }
    complete = reading.status === 'up' && reading.data.search.completedAt !== undefined
    publish(complete)
    if (changed) onNews()
  }

  function publish(isComplete: boolean) {
    last = { status: 'up', at: Date.now(), data: { complete: isComplete, queues: failures() } }
  }
  const failures = (): QueueFailures[] => [...indexes.values()].map(index => index.failures(Date.now()))

  function run(): Promise<void> {
    passing ??= pass()
      .catch(error => {
        if (closing.signal.aborted || !last || last.status === 'down') return
        // What was read before it failed stays, and says how old it is.
        const since = last.status === 'stale' ? last.since : Date.now()
        const reason = error instanceof Error ? error.message : 'it could not be read'
        last = { status: 'stale', data: last.data, at: last.at, since, reason }
      })
      .finally(() => {
        passing = undefined
        plan()
      })
    return passing
  }

  function plan() {
    clearTimeout(timer)
    if (closing.signal.aborted) return
    const isLookedAt = performance.now() - lookedAt < LOOKED_AT_FOR
    timer = setTimeout(run, isLookedAt ? LOOKED_AT_EVERY : Math.max(EVERY, queueCount * EVERY_OF_QUEUE)).unref()
  }

  return {
    server: server.name,
    peek: () => last,
    placesOf: (key, fingerprint, limit) => indexes.get(key)?.placesOf(fingerprint, limit) ?? [],
    look() {
      const wasIdle = performance.now() - lookedAt >= LOOKED_AT_FOR
      lookedAt = performance.now()
      if (wasIdle) void run()
    },
    async refresh() {
      await passing
      await run()
    },
    start: () => void run(),
    async close() {
      closing.abort()
      clearTimeout(timer)
      await passing
    },
  }
}
