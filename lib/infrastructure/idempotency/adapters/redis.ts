import type { RedisAccess } from '../../kv/index.ts'
import { storeErrorOf } from '../failures.ts'
import type { Claim, Outcome, RecordStore, StoredRecord } from '../record-store.ts'
import * as scripts from './redis-scripts.ts'

/** All records of a namespace are under `{namespace}:`, on one node of a Cluster. The Redis must persist, and not evict keys. */
export function redisRecords(access: RedisAccess, namespace: string): RecordStore {
  const prefix = `{${namespace}}:`
  const run = async <T>(script: string, key: string, ...args: (string | number)[]): Promise<T> => {
    try {
      return await access.run<T>(script, `${prefix}fence`, prefix, key, ...args)
    } catch (error) {
      throw storeErrorOf('Redis', error)
    }
  }
  const did = async (script: string, key: string, ...args: (string | number)[]) =>
    (await run<number>(script, key, ...args)) === 1
  const untilRemoved = (leaseMs: number, keepMs: number | undefined) => (keepMs === undefined ? 0 : leaseMs + keepMs)
  const textsOf = ({ state, json }: Outcome) => [state, json === undefined ? 0 : 1, json ?? ''] as const

  return {
    async claim(key, { owner, fingerprint = '', leaseMs, retry, keepMs }): Promise<Claim> {
      const removed = untilRemoved(leaseMs, keepMs)
      const [kind, detail] = await run<[Claim['kind'] | Outcome['state'], (string | null)?]>(
        scripts.CLAIM,
        key,
        ...[owner, fingerprint, leaseMs, removed, retry ? 1 : 0],
      )
      if (kind === 'started') return { kind, fence: Number(detail) }
      if (kind === 'completed' || kind === 'failed') return { kind: 'finished', outcome: outcomeOf(kind, detail) }
      return { kind: kind as 'conflict' | 'in-flight' | 'unknown' }
    },
    renew: (key, owner, leaseMs, keepMs) => did(scripts.RENEW, key, owner, leaseMs, untilRemoved(leaseMs, keepMs)),
    finish: (key, owner, outcome, ttlMs) => did(scripts.FINISH, key, owner, ...textsOf(outcome), ttlMs),
    abandon: (key, owner) => did(scripts.ABANDON, key, owner),
    release: (key, owner) => did(scripts.RELEASE, key, owner),
    async read(key): Promise<StoredRecord | undefined> {
      const found = await run<[string, StoredRecord['state'], (string | null)?] | null>(scripts.READ, key)
      if (!found) return undefined
      const [fence, state, json] = found
      if (state === 'in-flight' || state === 'unknown') return { fence: Number(fence), state }
      return { fence: Number(fence), ...outcomeOf(state, json) }
    },
    resolve: (key, outcome, ttlMs) => did(scripts.RESOLVE, key, ...textsOf(outcome), ttlMs),
    forget: key => did(scripts.FORGET, key),
    // Redis does it on its own.
    removeExpired: async () => 0,
    async close() {
      access.close()
    },
  }
}

function outcomeOf(state: Outcome['state'], json: string | null | undefined): Outcome {
  return { state, ...(json === null || json === undefined ? {} : { json }) }
}
