import type { Band } from '../../platform/attention/item.ts'
import type { Capability } from '../probe/port.ts'
import type { Replica } from './info.ts'

/** A problem of a Redis that needs attention. */
export interface RedisTrouble {
  kind: 'refuses-writes' | 'memory' | 'connections' | 'loading' | 'save' | 'append-only-file' | 'replication'
  band: Band
  /** Ends a sentence that begins with the server's name: `refuses writes`. */
  text: string
  /** A sentence of its own. */
  detail: string
}

/** A Redis as it reports itself. What the account may not ask for is absent, and `capabilities` says so. Sizes in bytes. */
export interface RedisReading {
  latencyMs: number
  version?: string
  mode?: string
  role?: string
  uptimeSeconds?: number
  memory: {
    used?: number
    peak?: number
    resident?: number
    /** 0: no limit is set. */
    limit?: number
    policy?: string
    fragmentation?: number
  }
  keys?: { total: number; expiring: number }
  /** Cumulative since the server's start. */
  hits?: number
  misses?: number
  evicted?: number
  expired?: number
  rejectedConnections?: number
  clients: { connected?: number; blocked?: number; limit?: number }
  commandsPerSecond?: number
  persistence: {
    loading?: boolean
    rdb?: { savedAt?: number; failed: boolean; changesSince?: number }
    aof?: { enabled: boolean; failed: boolean }
  }
  replication: {
    replicas: Replica[]
    /** For a replica: its primary, and whether it is connected to it. */
    primary?: { address: string; up: boolean; silentForSeconds?: number }
  }
  capabilities: Capability[]
  troubles: RedisTrouble[]
}

export interface SlowCommand {
  id: number
  at: number
  micros: number
  /** The command and its first key. Other arguments are left out: they may be personal data. */
  command: string
  /** How many arguments were left out. */
  more: number
  client?: string
}

export interface ClientGroup {
  /** The client's name without numbers, so that a pool is one line; empty when it has none. */
  name: string
  count: number
  addresses: string[]
  longestIdleSeconds: number
}

export interface BigKey {
  key: string
  type: string
  bytes: number
  /** Time to live (ms); absent: no expiry. */
  ttlMs?: number
}

/** The largest of the keys that were examined. */
export interface BigKeys {
  keys: BigKey[]
  lookedAt: number
  total: number
}
