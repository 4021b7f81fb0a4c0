import { createPostgresBackend, DEFAULT_SCHEMA, FlowProducer, type PgPool, Queue, runMigrations, Worker } from 'bullmq'
import pg from 'pg'
import { endsWithin } from '../give-up.ts'
import { queueError } from './bullmq-error.ts'
import { KEEP_CANCELS_MS } from './bullmq-scripts.ts'
import type { BullFlows, BullQueue, BullStore, BullWorker } from './bullmq-store.ts'

/** Requests to end a job under way, among what BullMQ keeps of a queue. */
const CANCEL = 'substation:cancel:'
const NOW_MS = 'floor(extract(epoch from now()) * 1000)::bigint'
/** When one ($2: CANCEL) was asked for; those without that time are taken for as old as the attempt. No other field is read as a number. */
const ASKED_AT = `case when starts_with(field, $2) then coalesce(nullif(split_part(value, ' ', 2), ''), value)::bigint end`
/** Connections for calls, and those of a worker: one listens, the others take and end jobs. */
const FOR_CALLS = 10
const FOR_A_WORKER = 3

/** BullMQ in the schema of a Postgres that `migrateBullmq` has made. */
export function bullmqPostgresStore(url: string, { timeoutMs }: { timeoutMs: number }): BullStore {
  const pools = new Set<pg.Pool>()
  const clients = new Set<pg.PoolClient>()
  function open(max: number): pg.Pool {
    const pool = new pg.Pool({
      connectionString: url,
      options: `-c search_path=${DEFAULT_SCHEMA}`,
      max,
      keepAlive: true,
      connectionTimeoutMillis: timeoutMs,
    })
    // Without a listener the loss of an idle connection would end the process.
    pool.on('error', () => undefined)
    pool.on('connect', client => {
      clients.add(client)
      client.once('end', () => clients.delete(client))
    })
    pools.add(pool)
    return pool
  }
  const calls = open(FOR_CALLS)
  // They are the same but for types that BullMQ wrote down itself.
  const connection = calls as unknown as PgPool

  return {
    prefix: DEFAULT_SCHEMA,
    server: 'Postgres',
    openQueue: name => new Queue(name, { connection }, createPostgresBackend) as unknown as BullQueue,
    openFlows: () => new FlowProducer({ connection }, createPostgresBackend) as unknown as BullFlows,
    openWorker(name, processor, options) {
      const pool = open(FOR_A_WORKER)
      const worker = new Worker(
        name,
        processor,
        { ...options, connection: pool as unknown as PgPool },
        createPostgresBackend,
      )
      worker.once('closed', () => {
        pools.delete(pool)
        void pool.end().catch(() => undefined)
      })
      return worker as unknown as BullWorker
    },
    async limitQueue(queue, concurrency) {
      await calls.query(
        `insert into meta (queue, field, value) values ($1, 'concurrency', $2)
         on conflict (queue, field) do update set value = excluded.value`,
        [queue, String(concurrency)],
      )
    },
    // Only BullMQ 6 knows Postgres.
    checkVersion: async () => undefined,
    async counts(queue) {
      const { rows } = await calls.query<{ state: string; priority: boolean; count: number }>(
        `select state::text as state, priority > 0 as priority, count(*)::int as count from job where queue = $1 group by 1, 2`,
        [queue],
      )
      const count = (state: string, priority?: boolean) =>
        rows
          .filter(row => row.state === state && (priority === undefined || row.priority === priority))
          .reduce((sum, row) => sum + row.count, 0)
      return {
        waiting: count('waiting', false),
        prioritized: count('waiting', true),
        active: count('active'),
        delayed: count('delayed'),
        'waiting-children': count('waiting-children'),
        completed: count('completed'),
        failed: count('failed'),
      }
    },
    async exists(queue, id) {
      const { rows } = await calls.query('select 1 from job where queue = $1 and id = $2', [queue, id])
      return rows.length > 0
    },
    async replay(queue, id) {
      const client = await calls.connect()
      try {
        await client.query('begin')
        const lifo = `coalesce((select (opts->>'lifo')::boolean from job where queue = $1 and id = $2), false)`
        const { rows } = await client.query<{ code: number }>(
          `select reprocess_job($1, $2, 'failed', ${lifo}, true, true) as code`,
          [queue, id],
        )
        const code = rows[0]?.code
        if (code === 1) {
          // As when it was added: BullMQ's own retry leaves its delay out.
          await client.query(
            `update job set state = 'delayed', delay_ms = (opts->>'delay')::bigint,
               process_at_ms = (extract(epoch from clock_timestamp()) * 1000)::bigint + (opts->>'delay')::bigint
             where queue = $1 and id = $2 and coalesce((opts->>'delay')::bigint, 0) > 0`,
            [queue, id],
          )
          await client.query('delete from meta where queue = $1 and field = $2', [queue, CANCEL + id])
        }
        await client.query('commit')
        return code === 1 ? 'replayed' : code === -1 ? 'missing' : 'not dead'
      } catch (error) {
        await client.query('rollback').catch(() => undefined)
        throw error
      } finally {
        client.release()
      }
    },
    async requestCancel(queue, id) {
      const { rows } = await calls.query<{ state: string }>(
        `with found as (select id, state, processed_at_ms from job where queue = $1 and id = $2 for update),
           asked as (
             insert into meta (queue, field, value)
             select $1, $3 || id, coalesce(processed_at_ms, 0) || ' ' || ${NOW_MS} from found where state = 'active'
             on conflict (queue, field) do update set value = excluded.value
           )
         select state::text as state from found`,
        [queue, id, CANCEL],
      )
      const state = rows[0]?.state
      if (state === undefined) return 'missing'
      if (state === 'completed' || state === 'failed') return 'ended'
      return state === 'active' ? 'requested' : 'not active'
    },
    async cancels(queue) {
      const { rows } = await calls.query<{ id: string; at: string }>(
        `with expired as (
           delete from meta where queue = $1 and starts_with(field, $2) and ${ASKED_AT} < ${NOW_MS} - $3::bigint
         )
         select substr(field, length($2) + 1) as id, split_part(value, ' ', 1) as at from meta
         where queue = $1 and starts_with(field, $2) and ${ASKED_AT} >= ${NOW_MS} - $3::bigint`,
        [queue, CANCEL, KEEP_CANCELS_MS],
      )
      return Object.fromEntries(rows.map(({ id, at }) => [id, Number(at)]))
    },
    async forgetCancels(queue, ids) {
      await calls.query('delete from meta where queue = $1 and field = any($2)', [queue, ids.map(id => CANCEL + id)])
    },
    pack,
    unpack,
    packText: text => text.replaceAll('\0', '\ufffd').toWellFormed(),
    childName: key => key,
    async close() {
      const ended = [...pools].map(pool => pool.end().catch(() => undefined))
      if (await endsWithin(Promise.all(ended), timeoutMs)) return
      // A pool waits for its clients, and they for a server that may be silent: an open connection would keep the process alive.
      for (const client of clients) (client as unknown as pg.Client).connection.stream.destroy()
    },
  }
}

/** The field of a value that jsonb, or BullMQ's use of it, would not keep: its JSON. */
const AS_TEXT = 'substation:json'

/** A NUL or half of a surrogate pair, as JSON has them. */
const NOT_IN_JSONB = /\\u(?:0000|d[89a-f])/

/** BullMQ takes a null for no data, and jsonb does not know every text that JSON can hold. */
function pack(value: unknown): unknown {
  const text = JSON.stringify(value)
  return value === null || NOT_IN_JSONB.test(text ?? '') ? { [AS_TEXT]: text } : value
}

function unpack(value: unknown): unknown {
  const text = (value as Record<string, unknown> | null)?.[AS_TEXT]
  return typeof text === 'string' ? JSON.parse(text) : value
}

/** Makes or updates the tables of BullMQ, under its own lock. */
export async function migrateBullmq(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await runMigrations(client)
  } catch (error) {
    throw queueError(DEFAULT_SCHEMA, error, 'Postgres')
  } finally {
    await client.end().catch(() => undefined)
  }
}
