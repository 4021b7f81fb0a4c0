import type { Sql } from 'postgres'
import type { PostgresAccess } from '../../kv/index.ts'
import { storeErrorOf } from '../failures.ts'
import type { RecordStore, StoredRecord } from '../record-store.ts'
import { claimRow, finishRow, isAlive, msFromNow, outcomeOf, readRow } from './postgres-statements.ts'

/** All records are in one table of schema `substation_app`. */
export function postgresRecords(access: PostgresAccess, namespace: string): RecordStore {
  const run = async <T>(query: (sql: Sql) => PromiseLike<T>): Promise<T> => {
    try {
      return await access.run(query)
    } catch (error) {
      throw storeErrorOf('Postgres', error)
    }
  }
  const did = async (query: (sql: Sql) => PromiseLike<readonly unknown[]>) => (await run(query)).length > 0
  const own = (sql: Sql, key: string, owner: string) =>
    sql`namespace = ${namespace} and key = ${key} and owner = ${owner} and state = 'started'`
  const lapsed = (sql: Sql) => sql`r.state = 'started' and r.leased_until <= clock_timestamp()`

  return {
    claim: (key, options) => run(sql => claimRow(sql, namespace, key, options)),
    renew: (key, owner, leaseMs, keepMs) =>
      did(
        sql => sql`
          update substation_app.idempotency_record set leased_until = ${msFromNow(sql, leaseMs)},
            expires_at = ${msFromNow(sql, keepMs === undefined ? undefined : leaseMs + keepMs)}
          where ${own(sql, key, owner)} returning 1`,
      ),
    finish: (key, owner, outcome, ttlMs) => run(sql => finishRow(sql, namespace, key, owner, outcome, ttlMs)),
    abandon: (key, owner) =>
      did(
        sql => sql`
          update substation_app.idempotency_record set leased_until = clock_timestamp(), expires_at = null, may_retry = false
          where ${own(sql, key, owner)} returning 1`,
      ),
    release: (key, owner) =>
      did(sql => sql`delete from substation_app.idempotency_record where ${own(sql, key, owner)} returning 1`),
    async read(key): Promise<StoredRecord | undefined> {
      const row = await run(sql => readRow(sql, namespace, key))
      if (!row) return undefined
      const { fence, state, result } = row
      if (state === 'started') return { fence, state: row.lapsed ? 'unknown' : 'in-flight' }
      return { fence, ...outcomeOf(state, result) }
    },
    resolve: (key, { state, json }, ttlMs) =>
      did(
        sql => sql`
          update substation_app.idempotency_record r
          set state = ${state}, result = ${json ?? null}::text, expires_at = ${msFromNow(sql, ttlMs)}
          where namespace = ${namespace} and key = ${key} and ${isAlive(sql)} and ${lapsed(sql)} returning 1`,
      ),
    forget: key =>
      did(
        sql => sql`
          delete from substation_app.idempotency_record r
          where namespace = ${namespace} and key = ${key} and ${isAlive(sql)} and (r.state <> 'started' or ${lapsed(sql)}) returning 1`,
      ),
    async removeExpired(limit) {
      const removed = await run(
        sql => sql`
          with old as (
            select key from substation_app.idempotency_record where namespace = ${namespace} and expires_at <= clock_timestamp()
            order by expires_at limit ${limit} for update skip locked
          )
          delete from substation_app.idempotency_record r using old
          where r.namespace = ${namespace} and r.key = old.key returning 1`,
      )
      return removed.length
    },
    close: () => access.close(),
  }
}
