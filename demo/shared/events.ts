import type { PostgresDatabase } from 'substation/database'
import { createEvents, defineEvent, type Events } from 'substation/events'
import { createKeyValue, type KeyValueStore } from 'substation/kv'
import type { Logger } from 'substation/logging'
import type { Queues } from 'substation/queue'
import { z } from 'zod'
import type { ServiceConfig } from './config.ts'

/** An order was taken. Of one customer they are handled in their order. */
export const orderPlaced = defineEvent({
  type: 'order.placed',
  parse: z.object({ order: z.string(), customer: z.number(), product: z.number(), amount: z.number() }).parse,
  key: ({ customer }) => `customer-${customer}`,
})
export type OrderPlaced = ReturnType<typeof orderPlaced.parse>

/** Who subscribes to what, as all services know it. */
export function subscriptionsPart(config: ServiceConfig) {
  return {
    create: () => createKeyValue({ url: config.fleet.redisUrl, namespace: 'shop' }),
    stop: (store: KeyValueStore) => store.close(),
  }
}

interface Needs {
  queues: Queues
  database: PostgresDatabase
  subscriptions: KeyValueStore
  logger: Logger
}

/** The events of a service; the outbox is in the database of the orders. */
export function eventsPart(config: ServiceConfig) {
  return {
    needs: ['queues', 'database', 'subscriptions', 'logger'] as const,
    create: ({ queues, database: { sql }, subscriptions, logger }: Needs) =>
      createEvents(
        {
          service: config.service,
          types: [orderPlaced],
          onError: error => logger.debug('events wait to be sent', { error }),
        },
        { queues, sql, subscriptions },
      ),
    stop: (events: Events) => events.close(),
  }
}
