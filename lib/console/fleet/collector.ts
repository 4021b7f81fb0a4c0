import type { Redis } from 'ioredis'
import {
  type Beat,
  Detail,
  fleetKeys,
  Identity,
  isUnderstood,
  limits,
  parseBeat,
} from '../../infrastructure/fleet/index.ts'
import type { LiveHub, Topic } from '../live/hub.ts'
import type { Part } from '../part.ts'
import { reasonOf } from '../parts.ts'
import type { DetailReading, FleetCollector, FleetProcess, FleetSnapshot } from './port.ts'
import { markReplaced, stateOf } from './process-state.ts'
import { whenReady } from './redis.ts'

const FRESH_FOR = 900
const WANTED_FOR = 15_000
const CHUNK = 500

interface Entry {
  id: string
  raw?: string
  /** Its beat is gone: it expired, or was taken away with a goodbye. */
  silent?: boolean
  beat?: Beat
  unsupported?: number
  lastBeatAt: number
  identity?: Identity
  /** The identity was read after the beat had gone: it says whether there was a goodbye. */
  goodbyeRead?: boolean
  details: Map<string, DetailReading>
}

interface Options {
  environment: string
  redis: Redis
  hub: LiveHub
}

/**
 * The console's picture of one environment's fleet. A reading is one ZRANGE, one MGET of beats and one MGET of the details
 * that both changed and are looked at; all viewers share it.
 */
export function fleetCollector({ environment, redis, hub }: Options): FleetCollector {
  const keys = fleetKeys(environment)
  const entries = new Map<string, Entry>()
  const wanted = new Map<string, number>()
  let last: { snapshot: FleetSnapshot; at: number } | undefined
  let outage: { reason: string; since: number } | undefined
  let reading: Promise<void> | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let watchers = 0
  let timer: NodeJS.Timeout | undefined
  let states = ''

  async function refresh() {
    const started = Date.now()
    try {
      await whenReady(redis)
      const [time, members] = await Promise.all([redis.time(), redis.zrange(keys.processes, 0, -1, 'WITHSCORES')])
      const redisNow = Number(time[0]) * 1000 + Math.floor(Number(time[1]) / 1000)
      const seen = noteMembers(members)
      const changed = new Set<Topic>()
      await readBeats(seen, changed)
      await Promise.all([readIdentities(seen), readDetails(seen, changed)])
      const processes = seen.map(entry => toProcess(entry, redisNow))
      markReplaced(processes)
      last = { snapshot: { redisNow, skew: (started + Date.now()) / 2 - redisNow, processes }, at: Date.now() }
      const now = processes.map(process => `${process.id}${process.state}`).join()
      if (now !== states) changed.add('fleet')
      states = now
      const recovered = outage !== undefined
      outage = undefined
      if (recovered) hub.announce(environment, ['fleet', 'breakers', 'health', 'events', 'runs', 'targets'])
      else if (changed.size > 0) hub.announce(environment, [...changed])
    } catch (error) {
      const known = outage !== undefined
      outage = { reason: reasonOf('Redis', error), since: outage?.since ?? Date.now() }
      if (!known) hub.announce(environment, ['fleet', 'breakers', 'health', 'events', 'targets'])
    } finally {
      readAt = performance.now()
    }
  }

  function noteMembers(members: string[]): Entry[] {
    const seen: Entry[] = []
    const ids = new Set<string>()
    for (let i = 0; i < members.length; i += 2) {
      const id = members[i] as string
      const entry = entries.get(id) ?? { id, lastBeatAt: 0, details: new Map() }
      entry.lastBeatAt = Number(members[i + 1])
      entries.set(id, entry)
      ids.add(id)
      seen.push(entry)
    }
    for (const id of entries.keys()) if (!ids.has(id)) entries.delete(id)
    return seen
  }

  async function readBeats(seen: Entry[], changed: Set<Topic>) {
    const raws = await mget(seen.map(entry => keys.beat(entry.id)))
    seen.forEach((entry, index) => {
      const raw = raws[index]
      entry.silent = raw === null || raw === undefined
      if (!entry.silent) entry.goodbyeRead = false
      if (raw === entry.raw || raw === null || raw === undefined) return
      entry.raw = raw
      const beat = parseBeat(raw)
      const version = beat?.v ?? limits.PROTOCOL_VERSION + 1
      entry.unsupported = isUnderstood(version) ? undefined : version
      entry.beat = entry.unsupported === undefined ? beat : undefined
      changed.add('fleet')
    })
  }

  /** Identities are read once, and again when a process falls silent: it may have said goodbye. */
  async function readIdentities(seen: Entry[]) {
    const due = seen.filter(entry => !entry.identity || (entry.silent && !entry.goodbyeRead))
    const raws = await mget(due.map(entry => keys.identity(entry.id)))
    due.forEach((entry, index) => {
      const parsed = Identity.safeParse(safeJson(raws[index]))
      if (parsed.success) entry.identity = parsed.data
      entry.goodbyeRead = entry.silent
    })
  }

  async function readDetails(seen: Entry[], changed: Set<Topic>) {
    const now = performance.now()
    for (const [domain, at] of wanted) if (now - at > WANTED_FOR && watchers === 0) wanted.delete(domain)
    const due: { entry: Entry; domain: string; rev: number }[] = []
    for (const entry of seen) {
      for (const domain of wanted.keys()) {
        const rev = entry.beat?.rev[domain]
        const known = entry.details.get(domain)
        // A silent process has no beat any more; what it wrote last is read once.
        if (rev === undefined ? known === undefined && entry.raw === undefined : rev !== known?.rev)
          due.push({ entry, domain, rev: rev ?? -1 })
      }
    }
    const raws = await mget(due.map(({ entry, domain }) => keys.detail(entry.id, domain)))
    due.forEach(({ entry, domain }, index) => {
      const parsed = Detail.safeParse(safeJson(raws[index]))
      if (!parsed.success) return
      const { rev, at, items, total } = parsed.data
      entry.details.set(domain, { rev, at, items, total })
      if (domain === 'breakers' || domain === 'health') changed.add(domain)
      else changed.add('fleet')
    })
  }

  async function mget(names: string[]): Promise<(string | null)[]> {
    if (names.length === 0) return []
    const chunks: Promise<(string | null)[]>[] = []
    for (let i = 0; i < names.length; i += CHUNK) chunks.push(redis.mget(names.slice(i, i + CHUNK)))
    return (await Promise.all(chunks)).flat()
  }

  function toProcess(entry: Entry, redisNow: number): FleetProcess {
    const { id, identity, lastBeatAt, beat, unsupported, details } = entry
    return {
      id,
      state: stateOf(identity, lastBeatAt, redisNow),
      service: identity?.service ?? 'unknown',
      instance: identity?.instance ?? id,
      identity,
      lastBeatAt,
      silentFor: Math.max(0, redisNow - lastBeatAt),
      beat,
      unsupported,
      details,
    }
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
    const nextStep = 'Check that Redis is running and reachable from the console; it is asked again every second.'
    return last
      ? { status: 'stale', data: last.snapshot, at: last.at, reason, since, nextStep }
      : { status: 'down', reason, since, nextStep }
  }

  function schedule() {
    clearTimeout(timer)
    // During an outage somebody has to notice its end, watched or not.
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
        // A reading that began before may have missed what the asker must see.
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
        return process !== undefined && process.state !== 'up' && process.state !== 'late'
      })
      for (const id of gone) {
        const domains = entries.get(id)?.details.keys() ?? []
        await redis
          .multi()
          .zrem(keys.processes, id)
          .del(keys.identity(id), keys.beat(id), ...[...domains].map(domain => keys.detail(id, domain)))
          .exec()
      }
      readAt = Number.NEGATIVE_INFINITY
      return gone
    },
    overlay(process, domain, match, item) {
      const details = entries.get(process)?.details
      const detail = details?.get(domain)
      // A new object, because readers remember what they made of the old one.
      if (details && detail)
        details.set(domain, { ...detail, items: detail.items.map(known => (match(known) ? item : known)) })
    },
    start: () => void once().finally(schedule),
    async close() {
      watchers = 0
      clearTimeout(timer)
      await reading
      redis.disconnect()
    },
  }
}

function safeJson(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return
  try {
    return JSON.parse(text)
  } catch {
    return
  }
}
