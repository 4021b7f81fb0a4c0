import type { Redis } from 'ioredis'
import { newId } from '../../lib/core/ids.ts'
import { type BeatSender, beatSender } from '../../lib/infrastructure/fleet/adapters/redis/beat.ts'
import { encodeDetail } from '../../lib/infrastructure/fleet/adapters/redis/details.ts'
import { type FleetKeys, type Identity, limits, VERBS, type Vitals } from '../../lib/infrastructure/fleet/index.ts'
import type { BreakerReport } from '../../lib/infrastructure/resilience/index.ts'

/** A simulated process: writes what a real one would, with the same code. */
export interface SimulatedMember {
  readonly id: string
  register(): Promise<void>
  beat(): Promise<void>
  /** Its breakers have been called: the detail is written again, and the next heartbeat has its new revision. */
  writeBreakers(): Promise<void>
}

export interface Place {
  index: number
  service: string
  instance: string
  breakers: string[]
}

export function simulatedMember(redis: Redis, keys: FleetKeys, place: Place): SimulatedMember {
  const { index, service, instance, breakers } = place
  const id = newId()
  const sender: BeatSender = beatSender(redis, keys, id)
  const startedAt = Date.now() - index * 1_000
  const identity: Identity = {
    v: limits.PROTOCOL_VERSION,
    id,
    service,
    instance,
    version: `1.${index % 3}.0`,
    commit: 'a1b2c3d',
    host: `host-${index % 50}`,
    pid: 1_000 + index,
    runtime: `node ${process.versions.node}`,
    startedAt,
    owner: 'simulated',
    verbs: VERBS,
  }
  let turn = 0
  let revision = 0
  return {
    id,
    async register() {
      await sender.measure()
      await redis.set(keys.identity(id), JSON.stringify(identity), 'PX', limits.IDENTITY_EXPIRY)
    },
    async beat() {
      turn++
      await sender.send(vitalsOf(index, turn, Date.now() - startedAt), { breakers: revision }, 0)
    },
    async writeBreakers() {
      const now = Date.now()
      const items = breakers.map((name, at) => breakerReport(name, now, turn + at))
      const text = encodeDetail(items, ++revision, now)
      await redis.set(keys.detail(id, 'breakers'), text, 'PX', limits.DETAIL_EXPIRY)
    },
  }
}

/** Figures that change with each heartbeat and differ between processes, so that a reader cannot confuse them. */
function vitalsOf(index: number, turn: number, uptime: number): Vitals {
  const wave = (index * 7 + turn * 13) % 100
  return {
    cpu: Number((0.05 + wave / 400).toFixed(3)),
    rss: 120_000_000 + index * 10_000 + wave * 4_096,
    heap: 60_000_000 + index * 5_000 + wave * 2_048,
    heapLimit: 4_345_298_944,
    lag: Number((wave / 20).toFixed(1)),
    uptime,
  }
}

function breakerReport(name: string, now: number, turn: number): BreakerReport {
  return {
    name,
    policy: { kind: 'sampling', threshold: 0.5, durationMs: 10_000, minimumRps: 5 },
    halfOpenAfterMs: 10_000,
    timeoutMs: 2_000,
    computed: { state: 'closed', since: now - 600_000 },
    effective: 'closed',
    window: { calls: 120 + (turn % 40), failures: turn % 7 },
    totals: { successes: 50_000 + turn, failures: 40, timeouts: 3, rejected: 0, ignored: 12, opened: 0 },
    lastFailure: { at: now - 30_000, message: 'connect ECONNREFUSED 10.0.0.7:443' },
    owner: 'simulated',
  }
}
