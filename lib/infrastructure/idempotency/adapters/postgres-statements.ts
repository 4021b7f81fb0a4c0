import type { Sql, TransactionSql } from 'postgres'
import type { Claim, ClaimOptions, Outcome } from '../record-store.ts'

/** `SUBI` in ASCII: the class of the locks under which keys are claimed. */
const LOCK_CLASS = 0x53554249

type Querying = Sql | TransactionSql

export const msFromNow = (sql: Querying, ms: number | undefined) =>
  ms === undefined ? sql`null::timestamptz` : sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`

/** Records that have expired are gone for everyone. */
export const isAlive = (sql: Querying) => sql`(r.expires_at is null or r.expires_at > clock_timestamp())`

interface Row {
  fence: number
  state: 'started' | Outcome['state']
  result: string | null
  fingerprint: string | null
  lapsed: boolean
  may_retry: boolean
}

export async function readRow(sql: Querying, namespace: string, key: string): Promise<Row | undefined> {
  const [row] = await sql<Row[]>`
    select r.fence::float8 as fence, r.state, r.result, r.fingerprint, r.may_retry, r.leased_until <= clock_timestamp() as lapsed
    from substation_app.idempotency_record r where r.namespace = ${namespace} and r.key = ${key} and ${isAlive(sql)}`
  return row
}

/**
 * The lock makes a transaction that has claimed the key, and has not committed yet, answer `in-flight` instead of making others wait; and with
 * the fence taken under it, a later claim never has a smaller one.
 */
export async function claimRow(
  sql: Querying,
  namespace: string,
  key: string,
  { owner, fingerprint, leaseMs, retry, keepMs }: ClaimOptions,
): Promise<Claim> {
  const removed = keepMs === undefined ? undefined : leaseMs + keepMs
  const [started] = await sql<{ fence: number }[]>`
    insert into substation_app.idempotency_record as r
      (namespace, key, owner, fingerprint, fence, state, may_retry, leased_until, expires_at)
    select ${namespace}, ${key}, ${owner}, ${fingerprint ?? null}::text, nextval('substation_app.idempotency_fence'), 'started',
      ${retry}::boolean, ${msFromNow(sql, leaseMs)}, ${msFromNow(sql, removed)}
    where pg_try_advisory_xact_lock(${LOCK_CLASS}::int, hashtext(${`${namespace}:${key}`}))
    on conflict (namespace, key) do update set
      owner = excluded.owner, fingerprint = excluded.fingerprint, fence = excluded.fence, state = 'started', result = null,
      may_retry = excluded.may_retry, leased_until = excluded.leased_until, expires_at = excluded.expires_at, created_at = now()
    where not ${isAlive(sql)}
      or r.state = 'started' and r.leased_until <= clock_timestamp() and r.may_retry and excluded.may_retry
        and (r.fingerprint is null or excluded.fingerprint is null or r.fingerprint = excluded.fingerprint)
    returning r.fence::float8 as fence`
  if (started) return { kind: 'started', fence: started.fence }
  const row = await readRow(sql, namespace, key)
  // Claimed by a transaction that is not committed, or released in between.
  if (!row) return { kind: 'in-flight' }
  if (row.fingerprint !== null && fingerprint !== undefined && row.fingerprint !== fingerprint)
    return { kind: 'conflict' }
  if (row.state !== 'started') return { kind: 'finished', outcome: outcomeOf(row.state, row.result) }
  // One that may be taken over is, by whoever asks next.
  return { kind: row.lapsed && !(retry && row.may_retry) ? 'unknown' : 'in-flight' }
}

export async function finishRow(
  sql: Querying,
  namespace: string,
  key: string,
  owner: string,
  { state, json }: Outcome,
  ttlMs: number,
): Promise<boolean> {
  const finished = await sql`
    update substation_app.idempotency_record set state = ${state}, result = ${json ?? null}::text, expires_at = ${msFromNow(sql, ttlMs)}
    where namespace = ${namespace} and key = ${key} and owner = ${owner} and state = 'started' returning 1`
  return finished.length > 0
}

export function outcomeOf(state: Outcome['state'], result: string | null): Outcome {
  return { state, ...(result === null ? {} : { json: result }) }
}
