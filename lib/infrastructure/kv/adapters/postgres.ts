import type { Sql } from 'postgres'
import { type KvBackend, type KvBackends, LIST_MAX } from '../backend.ts'
import { kvErrorOf, notANumber, wrongKind } from '../failures.ts'
import type { PostgresAccess } from './postgres-access.ts'
import { postgresLocks } from './postgres-locks.ts'

export type Run = <T>(query: (sql: Sql) => PromiseLike<readonly unknown[]>) => Promise<T[]>

/** All namespaces of all stores are in two tables of schema `substation_app`. */
export function postgresBackends(access: PostgresAccess, store: string): KvBackends {
  const run = async <T>(query: (sql: Sql) => PromiseLike<readonly unknown[]>): Promise<T[]> => {
    try {
      return [...(await access.run(query))] as T[]
    } catch (error) {
      throw kvErrorOf('Postgres', error)
    }
  }
  const under = `${store}/`
  return {
    in: namespace => postgresNamespace(run, namespace),
    async removeExpired(limit) {
      const removed = await run(
        sql => sql`
          with old as (
            select namespace, key from substation_app.kv_entry
            where expires_at <= clock_timestamp() and (namespace = ${store} or starts_with(namespace, ${under}))
            order by expires_at limit ${limit} for update skip locked
          )
          delete from substation_app.kv_entry e using old
          where e.namespace = old.namespace and e.key = old.key returning 1`,
      )
      if (removed.length >= limit) return removed.length
      const locks = await run(
        sql => sql`
          with old as (
            select namespace, name from substation_app.kv_lock
            where expires_at <= clock_timestamp() and (namespace = ${store} or starts_with(namespace, ${under}))
            order by expires_at limit ${limit - removed.length} for update skip locked
          )
          delete from substation_app.kv_lock l using old
          where l.namespace = old.namespace and l.name = old.name returning 1`,
      )
      return removed.length + locks.length
    },
    close: () => access.close(),
  }
}

/** For a statement: when something expires that lives `ttlMs` from now on. */
const expiryOf = (sql: Sql, ttlMs: number | undefined) =>
  ttlMs === undefined ? sql`null::timestamptz` : sql`clock_timestamp() + ${ttlMs}::float8 * interval '1 millisecond'`

const isAlive = (sql: Sql) => sql`(e.expires_at is null or e.expires_at > clock_timestamp())`

/** JSON texts as an array of Postgres; as one text, because a pool may not know the type of arrays. */
const arrayOf = (sql: Sql, items: readonly string[]) => sql`
  array(select item from json_array_elements_text(${JSON.stringify(items)}::text::json) with ordinality as a(item, at) order by at)`

function postgresNamespace(run: Run, namespace: string): KvBackend {
  const here = (sql: Sql, key: string) => sql`e.namespace = ${namespace} and e.key = ${key} and ${isAlive(sql)}`

  /** Why a statement on this key changed nothing. */
  async function kindOf(key: string): Promise<'value' | 'list' | undefined> {
    const [row] = await run<{ list: boolean }>(
      sql => sql`select e.items is not null as list from substation_app.kv_entry e where ${here(sql, key)}`,
    )
    return row && (row.list ? 'list' : 'value')
  }

  async function pushOnce(key: string, items: readonly string[], options: Parameters<KvBackend['push']>[2]) {
    const { end, maxLength, ttlMs } = options
    const kept = maxLength > 0 ? maxLength : LIST_MAX
    const given = end === 'head' ? items.toReversed() : items
    const first = end === 'head' ? given.slice(0, kept) : given.slice(-kept)
    return run<{ length: number }>(sql => {
      const joined = end === 'head' ? sql`excluded.items || e.items` : sql`e.items || excluded.items`
      const cut =
        end === 'head'
          ? sql`(${joined})[:${kept}::int]`
          : sql`(${joined})[greatest(cardinality(${joined}) - ${kept}::int + 1, 1):]`
      const until = ttlMs === undefined ? sql`e.expires_at` : sql`excluded.expires_at`
      return sql`
        insert into substation_app.kv_entry as e (namespace, key, items, version, expires_at)
        values (${namespace}, ${key}, ${arrayOf(sql, first)}, nextval('substation_app.kv_version'), ${expiryOf(sql, ttlMs)})
        on conflict (namespace, key) do update set
          value = null,
          items = case when ${isAlive(sql)} then ${cut} else excluded.items end,
          version = nextval('substation_app.kv_version'),
          expires_at = case when ${isAlive(sql)} then ${until} else excluded.expires_at end
        where not ${isAlive(sql)}
          or e.items is not null and (${maxLength}::int > 0 or cardinality(e.items) + ${items.length}::int <= ${LIST_MAX}::int)
        returning cardinality(e.items) as length`
    })
  }

  /** A list without items is no key, and its row goes with the next write or removal; it counts as expired. */
  const emptyExpires = (sql: Sql) =>
    sql`case when cardinality(e.items) <= 1 then clock_timestamp() else e.expires_at end`

  async function listOf<T>(key: string, query: (sql: Sql) => PromiseLike<readonly unknown[]>): Promise<T | undefined> {
    const [row] = await run<T>(query)
    if (row === undefined && (await kindOf(key)) === 'value') throw wrongKind()
    return row
  }

  return {
    async read(key) {
      const [row] = await run<{ value: string | null; version: number; left: number | null }>(
        sql => sql`
          select e.value, e.version::float8 as version,
            (extract(epoch from e.expires_at - clock_timestamp()) * 1000)::float8 as left
          from substation_app.kv_entry e where ${here(sql, key)}`,
      )
      if (!row) return undefined
      if (row.value === null) throw wrongKind()
      return {
        json: row.value,
        version: row.version,
        ...(row.left === null ? {} : { expiresInMs: Math.max(0, row.left) }),
      }
    },
    async readMany(keys) {
      const rows = await run<{ key: string; value: string | null }>(
        sql => sql`
          select e.key, e.value from substation_app.kv_entry e
          where e.namespace = ${namespace} and e.key = any(${arrayOf(sql, keys)}) and ${isAlive(sql)}`,
      )
      const found = new Map(rows.map(row => [row.key, row.value ?? undefined]))
      return keys.map(key => found.get(key))
    },
    async write(key, json, { ttlMs, ifAbsent, ifVersion }) {
      const [row] = await run<{ version: number }>(sql =>
        ifVersion === undefined
          ? sql`
            insert into substation_app.kv_entry as e (namespace, key, value, version, expires_at)
            values (${namespace}, ${key}, ${json}, nextval('substation_app.kv_version'), ${expiryOf(sql, ttlMs)})
            on conflict (namespace, key) do update set
              value = excluded.value, items = null, version = nextval('substation_app.kv_version'),
              expires_at = excluded.expires_at
            where ${!ifAbsent}::boolean or not ${isAlive(sql)}
            returning version::float8 as version`
          : sql`
            update substation_app.kv_entry e set
              value = ${json}, version = nextval('substation_app.kv_version'), expires_at = ${expiryOf(sql, ttlMs)}
            where ${here(sql, key)} and e.value is not null and e.version = ${ifVersion}
            returning version::float8 as version`,
      )
      return row?.version
    },
    async remove(key, ifVersion) {
      const gone = await run(
        sql => sql`
          delete from substation_app.kv_entry e where ${here(sql, key)}
            ${ifVersion === undefined ? sql`` : sql`and e.value is not null and e.version = ${ifVersion}`} returning 1`,
      )
      return gone.length > 0
    },
    async increment(key, by, ttlMs) {
      const [row] = await run<{ value: string }>(
        sql => sql`
          insert into substation_app.kv_entry as e (namespace, key, value, version, expires_at)
          values (${namespace}, ${key}, ${String(by)}, nextval('substation_app.kv_version'), ${expiryOf(sql, ttlMs)})
          on conflict (namespace, key) do update set
            value = case when ${isAlive(sql)} then (e.value::bigint + excluded.value::bigint)::text else excluded.value end,
            items = null,
            version = nextval('substation_app.kv_version'),
            expires_at = case when ${isAlive(sql)} then e.expires_at else excluded.expires_at end
          where not ${isAlive(sql)} or case when e.value ~ '^-?\\d{1,16}$'
            then abs(e.value::bigint + excluded.value::bigint) <= ${Number.MAX_SAFE_INTEGER}::bigint else false end
          returning value`,
      )
      if (row) return Number(row.value)
      throw (await kindOf(key)) === 'list' ? wrongKind() : notANumber()
    },
    async push(key, items, options) {
      if (options.maxLength === 0 && items.length > LIST_MAX) return 'full'
      const [row] = await pushOnce(key, items, options)
      if (row) return row.length
      if ((await kindOf(key)) === 'value') throw wrongKind()
      return 'full'
    },
    async range(key, from, to) {
      const row = await listOf<{ items: string[] }>(
        key,
        sql => sql`
          select array_to_json(e.items[
            case when ${from}::float8 < 0 then greatest(cardinality(e.items) + ${from}::float8, 0) else least(${from}::float8, ${LIST_MAX}) end::int + 1
            : case when ${to}::float8 < 0 then greatest(cardinality(e.items) + ${to}::float8, -1) else least(${to}::float8, ${LIST_MAX}) end::int + 1
          ]) as items
          from substation_app.kv_entry e where ${here(sql, key)} and e.items is not null`,
      )
      return row?.items ?? []
    },
    async pop(key, end) {
      const row = await listOf<{ item: string }>(key, sql => {
        const [item, rest] =
          end === 'head'
            ? [sql`e.items[1]`, sql`e.items[2:]`]
            : [sql`e.items[cardinality(e.items)]`, sql`e.items[:cardinality(e.items) - 1]`]
        return sql`
          with locked as (
            select e.namespace, e.key, ${item} as item from substation_app.kv_entry e
            where ${here(sql, key)} and e.items is not null for update
          )
          update substation_app.kv_entry e set items = ${rest}, expires_at = ${emptyExpires(sql)}
          from locked where e.namespace = locked.namespace and e.key = locked.key
          returning locked.item`
      })
      return row?.item
    },
    async trim(key, maxLength, end) {
      const row = await listOf<{ length: number }>(key, sql => {
        const rest =
          end === 'head'
            ? sql`e.items[:${maxLength}::float8::int]`
            : sql`e.items[greatest(cardinality(e.items) - ${maxLength}::float8::int + 1, 1):]`
        return sql`
          update substation_app.kv_entry e set items = ${rest},
            expires_at = case when ${maxLength}::float8 = 0 then clock_timestamp() else e.expires_at end
          where ${here(sql, key)} and e.items is not null returning cardinality(e.items) as length`
      })
      return row?.length ?? 0
    },
    async keys(prefix, after, limit) {
      const rows = await run<{ key: string }>(
        sql => sql`
          select e.key from substation_app.kv_entry e
          where e.namespace = ${namespace} and e.key >= ${prefix} and e.key > ${after ?? ''} and starts_with(e.key, ${prefix})
            and ${isAlive(sql)}
          order by e.key limit ${limit + 1}`,
      )
      const keys = rows.slice(0, limit).map(row => row.key)
      const last = keys.at(-1)
      return { keys, ...(rows.length > limit && last !== undefined ? { last } : {}) }
    },
    ...postgresLocks(run, namespace),
  }
}
