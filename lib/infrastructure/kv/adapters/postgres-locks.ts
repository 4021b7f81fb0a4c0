import type { KvBackend } from '../backend.ts'
import type { Run } from './postgres.ts'

/**
 * A lock is a row whose time is not over. The fence is taken from its sequence by the update that has locked the row, never by an
 * insert: between an insert's nextval and its row, another could have obtained the lock, with a greater fence, and released it.
 */
export function postgresLocks(run: Run, namespace: string): Pick<KvBackend, 'acquire' | 'renew' | 'release'> {
  const take = (name: string, ttlMs: number) =>
    run<{ fence: number }>(
      sql => sql`
        update substation_app.kv_lock set
          fence = nextval('substation_app.kv_fence'),
          expires_at = clock_timestamp() + ${ttlMs}::float8 * interval '1 millisecond'
        where namespace = ${namespace} and name = ${name} and expires_at <= clock_timestamp()
        returning fence::float8 as fence`,
    )
  return {
    async acquire(name, ttlMs) {
      const [taken] = await take(name, ttlMs)
      if (taken) return taken.fence
      const added = await run(
        sql => sql`
          insert into substation_app.kv_lock (namespace, name, fence, expires_at) values (${namespace}, ${name}, 0, clock_timestamp())
          on conflict do nothing returning 1`,
      )
      // A row that existed is held; a new one is free for whoever comes first.
      return added.length > 0 ? (await take(name, ttlMs))[0]?.fence : undefined
    },
    async renew(name, fence, ttlMs) {
      const renewed = await run(
        sql => sql`
          update substation_app.kv_lock set expires_at = clock_timestamp() + ${ttlMs}::float8 * interval '1 millisecond'
          where namespace = ${namespace} and name = ${name} and fence = ${fence} and expires_at > clock_timestamp() returning 1`,
      )
      return renewed.length > 0
    },
    async release(name, fence) {
      const released = await run(
        sql => sql`
          update substation_app.kv_lock set expires_at = clock_timestamp()
          where namespace = ${namespace} and name = ${name} and fence = ${fence} and expires_at > clock_timestamp() returning 1`,
      )
      return released.length > 0
    },
  }
}
