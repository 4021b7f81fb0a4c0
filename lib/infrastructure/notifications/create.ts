import { loadAdapter } from '../../core/load-adapter.ts'
import { postgresAccess } from '../kv/index.ts'
import type { Messages } from '../messages/index.ts'
import { createQueues, type Queues } from '../queue/index.ts'
import { loadTimings, type Timings } from '../scheduler/index.ts'
import { memoryNotifications } from './adapters/memory.ts'
import type { Retry } from './attempt.ts'
import type { Channel } from './channel.ts'
import { ChannelSet, type GuardedChannel } from './channel-set.ts'
import { QUERY_TIMEOUT, type StoredIn } from './create-inbox.ts'
import type { Digest } from './digest.ts'
import { notificationsOver } from './notifications.ts'
import type { Notifications, Recipients } from './port.ts'
import type { Routes } from './routing.ts'
import type { NotificationStore } from './store.ts'

export interface NotificationsOptions {
  /** Several of one kind are tried in their order: on to the next only where nothing was sent. */
  channels: readonly (Channel | GuardedChannel)[]
  recipients: Recipients
  /** Channels by priority, in the order in which they are tried; those of `normal` where a priority has none. */
  routes?: Routes
  /** How long a stage has to deliver before the next one begins (ms): five minutes when absent. */
  fallbackAfterMs?: number
  retry?: Partial<Retry>
  /** By type: what a digest of it says. */
  digests?: Readonly<Record<string, Digest>>
  /** Errors that no one waits for: of the store, the queues, or the service's own code. */
  onError?(error: unknown): void
}

export interface NotificationsDependencies extends StoredIn {
  /** Sends are jobs of the queue `notifications`; in memory when absent. */
  queues?: Queues
  /** The log that each send is recorded in, with its suppression list, and in which webhooks note what was delivered. */
  messages?: Messages
}

const FALLBACK_AFTER = 300_000

/** Notifications over the channels that are passed in. */
export async function createNotifications(
  {
    channels,
    recipients,
    routes = {},
    fallbackAfterMs = FALLBACK_AFTER,
    retry,
    digests = {},
    onError = () => undefined,
  }: NotificationsOptions,
  { sql, queues, messages }: NotificationsDependencies = {},
): Promise<Notifications> {
  const opened = queues ?? (await createQueues())
  let timings: Promise<Timings> | undefined
  return notificationsOver({
    store: await storeIn(sql),
    channels: new ChannelSet(channels),
    recipients,
    messages,
    routes,
    digests,
    retry: { attempts: 10, initialDelayMs: 1_000, maxDelayMs: 300_000, ...retry },
    timings: () => {
      timings ??= loadTimings()
      return timings
    },
    onError,
    queues: opened,
    fallbackAfterMs,
    closeOpened: options => (queues ? Promise.resolve() : opened.close(options)),
  })
}

async function storeIn(sql: StoredIn['sql']): Promise<NotificationStore> {
  if (!sql) return memoryNotifications()
  const { postgresNotifications } = await loadAdapter(
    'Notifications in Postgres',
    () => import('./adapters/postgres.ts'),
  )
  return postgresNotifications(await postgresAccess({ sql }, { timeoutMs: QUERY_TIMEOUT, name: 'notifications' }))
}
