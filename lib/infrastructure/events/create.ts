import type { Sql } from 'postgres'
import { loadAdapter } from '../../core/load-adapter.ts'
import { type KeyValue, postgresAccess } from '../kv/index.ts'
import { createQueues, type Queues } from '../queue/index.ts'
import type { EventType } from './event-type.ts'
import { eventsOver } from './events.ts'
import type { Outbox } from './outbox.ts'
import { type Events, EventsError } from './port.ts'

/** A relay hands a piece to the queues within its transaction, which may take longer than a single query (ms). */
const OUTBOX_TIMEOUT = 30_000

export interface EventsOptions {
  /** Who publishes: the service's name. */
  service: string
  /** The events that this process knows: those that it handles are parsed, and brought to this version. */
  types?: readonly EventType[]
  /** Errors of listeners and of the relay, which no one waits for. */
  onError?(error: unknown): void
}

export interface EventsDependencies {
  /** The queues of the subscriptions; in memory when absent. */
  queues?: Queues
  /** The database of the outbox: a pool of postgres.js, such as `database.sql`; it is not closed here. */
  sql?: Sql
  /** Where subscriptions make themselves known, shared by all services; only those of this process are known without it. */
  subscriptions?: KeyValue
}

/** Domain events: over the queues that are passed in, with an outbox where there is a database. */
export async function createEvents(
  { service, types = [], onError = () => undefined }: EventsOptions,
  { queues, sql, subscriptions }: EventsDependencies = {},
): Promise<Events> {
  const twice = types.find(({ type }, at) => types.findIndex(other => other.type === type) < at)
  if (twice) throw new EventsError(`${twice.type} is declared twice`, { code: 'EVENTS_OPTIONS' })
  return eventsOver({
    service,
    types,
    onError,
    subscriptions,
    queues: queues ?? (await createQueues()),
    outbox: sql && (await outboxIn(sql)),
  })
}

async function outboxIn(sql: Sql): Promise<Outbox> {
  const { postgresOutbox } = await loadAdapter('An outbox in Postgres', () => import('./adapters/postgres-outbox.ts'))
  return postgresOutbox(await postgresAccess({ sql }, { timeoutMs: OUTBOX_TIMEOUT, name: 'events' }))
}
