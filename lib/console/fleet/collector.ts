import type { Redis } from 'ioredis'
import { InfrastructureError } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import { Detail, fleetKeys, Identity } from '../../infrastructure/fleet/index.ts'
import type { LiveHub, Topic } from '../platform/live/hub.ts'
import type { Part } from '../platform/part/part.ts'
import { reasonOf } from '../platform/part/reason.ts'
import { writesRefused } from '../servers/redis/writes-refused.ts'
import { readMany, redisTime, whenReady } from '../servers/view-redis.ts'
import { BeatReading } from './beat-reading.ts'
import { type Entry, newEntry, ReadProcess } from './entry.ts'
import { isLiving } from './living.ts'
import type { FleetCollector, FleetProcess, FleetSnapshot, ForgottenProcess, ProcessState } from './port.ts'
import { markReplaced } from './process-state.ts'

const FRESH_FOR = 900
const WANTED_FOR = 15_000
/**
 * How long the list of members and their scores counts as current (ms), as long as readings follow each other closely. Less than
 * it takes to be late, so that a process' state never depends on an estimate.
 */
const MEMBERS_FOR = 4_000
const CLOSELY = 1_500

interface Options {
  environment: string
  redis: Redis
  hub: LiveHub
  /** Called for each process whose state has changed, or that is seen for the first time. */
  onState?(process: FleetProcess, before: ProcessState | undefined): void
}

/** How long Redis counts as accepting writes after a check (ms): less than it takes a process to seem late. */
const WRITABLE_FOR = 2_000

/**
 * Reads one environment's fleet. A reading is one MGET of beats and one of the details that both changed
 * and are looked at; from time to time, and when members joined or were removed, a ZRANGE before it. All viewers share it.
 */
export function fleetCollector({ environment, redis, hub, onState }: Options): FleetCollector {
  const keys = fleetKeys(environment)
  const entries = new Map<string, Entry>()
  const wanted = new Map<string, number>()
  /** The members in their order, and the names of their beats. */
  let members: { seen: Entry[]; beats: string[]; at: number } = { seen: [], beats: [], at: Number.NEGATIVE_INFINITY }
  let last: { snapshot: FleetSnapshot; at: number } | undefined
  let outage: { reason: string; since: number; nextStep?: string } | undefined
  let reading: Promise<void> | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let watchers = 0
  let timer: NodeJS.Timeout | undefined
  let closed = false
  /** When Redis was last seen to accept writes. */
  let writableAt = Number.NEGATIVE_INFINITY

  async function refresh() {
    const started = Date.now()
    try {
      await whenReady(redis)
      const changed = new Set<Topic>()
      const redisNow = (await readKnown(changed)) ?? (await readAll(changed))
      const { seen } = members
      await Promise.all([readIdentities(seen), readDetails(seen, changed)])
      const processes = seen.map(entry => new ReadProcess(entry, redisNow))
      markReplaced(processes)
      await refuseToGuess(processes)
      last = { snapshot: { redisNow, skew: (started + Date.now()) / 2 - redisNow, processes }, at: Date.now() }
      processes.forEach((process, index) => {
        const entry = seen[index] as Entry
        if (entry.state === process.state) return
        changed.add('fleet')
        onState?.(process, entry.state)
        entry.state = process.state
      })
      const recovered = outage !== undefined
      outage = undefined
      if (recovered) hub.announce(environment, ['fleet', 'breakers', 'health', 'events', 'runs', 'targets'])
      else if (changed.size > 0) hub.announce(environment, [...changed])
    } catch (error) {
      const known = outage !== undefined
      outage = {
        reason: reasonOf('Redis', error),
        since: outage?.since ?? Date.now(),
        nextStep: error instanceof InfrastructureError ? error.nextStep : undefined,
      }
      if (!known) hub.announce(environment, ['fleet', 'breakers', 'health', 'events', 'targets'])
    } finally {
      readAt = performance.now()
    }
  }

  /** Where Redis refuses writes, no beat can arrive: a silent process is not known to be lost. */
  async function refuseToGuess(processes: readonly FleetProcess[]) {
    if (!processes.some(({ state }) => state === 'late' || state === 'lost')) return
    // A process that stays lost is no reason to ask every second.
    if (!outage && performance.now() - writableAt < WRITABLE_FOR) return
    const why = await writesRefused(redis)
    if (why !== undefined)
      throw new InfrastructureError(`Redis refuses writes: ${why}`, {
        nextStep:
          'Processes cannot report until it accepts writes again. Free memory, raise maxmemory, or check its disk.',
      })
    writableAt = performance.now()
  }

  /** Removes what a process wrote, and returns it for `remember`. */
  async function removeProcess(id: string): Promise<ForgottenProcess> {
    const domains = entries.get(id)?.details.keys() ?? []
    const names = [keys.identity(id), keys.beat(id), ...[...domains].map(domain => keys.detail(id, domain))]
    const [score, values, ttls] = await Promise.all([
      redis.zscore(keys.processes, id),
      redis.mget(names),
      Promise.all(names.map(name => redis.pttl(name))),
    ])
    await redis.multi().zrem(keys.processes, id).del(names).exec()
    return {
      id,
      lastBeatAt: Number(score ?? 0),
      keys: names.flatMap((key, index) => {
        const value = values[index]
        return value === null || value === undefined ? [] : [{ key, value, ttl: ttls[index] ?? -1 }]
      }),
    }
  }

  /** Redis' time (ms) if the known members are still current: then a changed beat was written just now. */
  async function readKnown(changed: Set<Topic>): Promise<number | undefined> {
    const { seen, beats, at } = members
    const now = performance.now()
    if (seen.length === 0 || now - at > MEMBERS_FOR || now - readAt > CLOSELY) return
    const [redisNow, count, raws] = await Promise.all([
      redisTime(redis),
      redis.zcard(keys.processes),
      readMany(redis, beats),
    ])
    if (count !== seen.length) return
    for (const entry of noteBeats(seen, raws, changed)) entry.lastBeatAt = redisNow
    return redisNow
  }

  async function readAll(changed: Set<Topic>): Promise<number> {
    const [redisNow, scored] = await Promise.all([redisTime(redis), redis.zrange(keys.processes, 0, -1, 'WITHSCORES')])
    const seen: Entry[] = []
    for (let i = 0; i < scored.length; i += 2) {
      const id = scored[i] as string
      const entry = entries.get(id) ?? newEntry(id)
      entry.lastBeatAt = Number(scored[i + 1])
      seen.push(entry)
    }
    if (seen.length !== members.seen.length) changed.add('fleet')
    entries.clear()
    for (const entry of seen) entries.set(entry.id, entry)
    members = { seen, beats: seen.map(entry => keys.beat(entry.id)), at: performance.now() }
    noteBeats(seen, await readMany(redis, members.beats), changed)
    return redisNow
  }

  /** Stores the beats; returns the entries whose beat has changed. */
  function noteBeats(seen: Entry[], raws: (string | null)[], changed: Set<Topic>): Entry[] {
    const moved: Entry[] = []
    for (const [index, entry] of seen.entries()) {
      const raw = raws[index] ?? undefined
      entry.silent = raw === undefined
      if (raw === undefined) continue
      entry.identityReread = false
      if (raw === entry.beat?.raw) continue
      entry.beat = new BeatReading(raw, entry.beat)
      moved.push(entry)
    }
    if (moved.length > 0) changed.add('fleet')
    return moved
  }

  /** Identities are read once, and again when a process falls silent: it may have said that it stops. */
  async function readIdentities(seen: Entry[]) {
    const due = seen.filter(entry => !entry.identity || (entry.silent && !entry.identityReread))
    const names = due.map(entry => keys.identity(entry.id))
    const raws = await readMany(redis, names)
    due.forEach((entry, index) => {
      const parsed = Identity.safeParse(parseJson(raws[index]))
      if (parsed.success) entry.identity = parsed.data
      entry.identityReread = entry.silent
    })
  }

  async function readDetails(seen: Entry[], changed: Set<Topic>) {
    const now = performance.now()
    for (const [domain, at] of wanted) if (now - at > WANTED_FOR && watchers === 0) wanted.delete(domain)
    const due: { entry: Entry; domain: string; rev: number }[] = []
    for (const entry of seen) {
      for (const domain of wanted.keys()) {
        const rev = entry.beat?.stable.rev[domain]
        const known = entry.details.get(domain)
        // A silent process no longer has a beat; what it wrote last is read once.
        if (rev === undefined ? known === undefined && entry.beat === undefined : rev !== known?.rev)
          due.push({ entry, domain, rev: rev ?? -1 })
      }
    }
    const names = due.map(({ entry, domain }) => keys.detail(entry.id, domain))
    const raws = await readMany(redis, names)
    due.forEach(({ entry, domain }, index) => {
      const parsed = Detail.safeParse(parseJson(raws[index]))
      if (!parsed.success) return
      const { rev, at, items, total } = parsed.data
      entry.details.set(domain, { rev, at, items, total })
      if (domain === 'breakers' || domain === 'health' || domain === 'caches') changed.add(domain)
      else changed.add('fleet')
    })
  }

  function once(): Promise<void> {
    reading ??= refresh().finally(() => {
      reading = undefined
    })
    return reading
  }

  function current(): Part<FleetSnapshot> {
    if (!outage && last) return { status: 'up', data: last.snapshot, at: last.at }
    const reason = outage?.reason ?? 'Redis has not been read yet'
    const since = outage?.since ?? Date.now()
    const nextStep =
      outage?.nextStep ??
      'Check that Redis is running and reachable from the console; it is checked again every second.'
    return last
      ? { status: 'stale', data: last.snapshot, at: last.at, reason, since, nextStep }
      : { status: 'down', reason, since, nextStep }
  }

  function schedule() {
    clearTimeout(timer)
    if (closed) return
    // During an outage its end has to be noticed, whether anyone is watching or not.
    if (watchers === 0 && !outage) return
    timer = setTimeout(() => once().finally(schedule), 1_000).unref()
  }

  return {
    async read(domains = [], { maxAge = FRESH_FOR } = {}) {
      const now = performance.now()
      const news = domains.filter(domain => !wanted.has(domain))
      for (const domain of domains) wanted.set(domain, now)
      // In an outage the answer is known; the schedule finds out when it ends.
      if (outage) {
        if (!timer || now - readAt > 3_000) void once().finally(schedule)
        return current()
      }
      if (news.length > 0) {
        await reading
        await once()
      } else if (now - readAt > maxAge || !last) {
        // A reading that began before may have missed what the caller must see.
        if (maxAge < FRESH_FOR) await reading
        await once()
      }
      if (outage) schedule()
      return current()
    },
    watch() {
      watchers++
      schedule()
      return () => {
        watchers--
      }
    },
    async forget(ids) {
      const gone = ids.filter(id => {
        const process = last?.snapshot.processes.find(candidate => candidate.id === id)
        return process !== undefined && !isLiving(process)
      })
      const forgotten = await Promise.all(gone.map(id => removeProcess(id)))
      readAt = Number.NEGATIVE_INFINITY
      return forgotten
    },
    async remember(forgotten) {
      const listed: string[] = []
      for (const { id, lastBeatAt, keys: kept } of forgotten) {
        // A process that came back has written everything itself.
        if ((await redis.zadd(keys.processes, 'NX', lastBeatAt, id)) === 0) continue
        const writing = redis.multi()
        for (const { key, value, ttl } of kept) {
          if (ttl > 0) writing.set(key, value, 'PX', ttl, 'NX')
          else writing.set(key, value, 'NX')
        }
        await writing.exec()
        listed.push(id)
      }
      readAt = Number.NEGATIVE_INFINITY
      return listed
    },
    overlay(process, domain, match, item) {
      const details = entries.get(process)?.details
      const detail = details?.get(domain)
      // A new object, because readers cache what they derived from the old one.
      if (details && detail)
        details.set(domain, { ...detail, items: detail.items.map(known => (match(known) ? item : known)) })
    },
    start: () => void once().finally(schedule),
    async close() {
      closed = true
      watchers = 0
      clearTimeout(timer)
      await reading
      redis.disconnect()
    },
  }
}
