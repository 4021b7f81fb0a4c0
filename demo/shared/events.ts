import type { PostgresDatabase } from 'substation/database'
import { createEvents, defineEvent, type Events } from 'substation/events'
import { createKeyValue, type KeyValueStore } from 'substation/kv'
import type { Logger } from 'substation/logging'
import type { Queues } from 'substation/queue'
import type { ServiceConfig } from './config.ts'

export interface OrderPlaced {
  order: string
  customer: number
  product: number
  /** In cents. */
  amount: number
}

/** An order was taken. Of one customer they are handled in their order. */
export const orderPlaced = defineEvent({
  type: 'order.placed',
  parse(value): OrderPlaced {
    const { order, customer, product, amount } = value as Partial<OrderPlaced>
    if (typeof order !== 'string') throw new Error('order must be the id of an order')
    if (typeof customer !== 'number' || typeof product !== 'number' || typeof amount !== 'number')
      throw new Error('customer, product and amount must be numbers')
    return { order, customer, product, amount }
  },
  key: ({ customer }) => `customer-${customer}`,
})

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
