import { setTimeout as pause } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { messageOf } from 'substation/core'
import type { Delivery, Events } from 'substation/events'
import type { Logger } from 'substation/logging'
import { PermanentJobError, type Queues } from 'substation/queue'
import type { OrderPlaced } from '../shared/events.ts'
import { FOLLOW_UP_TRIES, type FulfilmentJob, RESERVATIONS } from '../shared/jobs.ts'

const AGAIN = 2_000
/** Points are kept for so long (s): the demo needs them no longer. */
const POINTS_FOR = 3_600
/** Two customers in eighty have no account, so their orders are always refused, each in the same words. */
const hasNoAccount = (customer: number) => customer % 40 === 20

interface Needs {
  events: Events
  queues: Queues
  redis: Redis
  logger: Logger
}

interface Subscriptions {
  start(): void
  stop(): void
}

/** What the worker does when an order was placed: points for its customer, and parcels. It also sends what the outbox has. */
export function subscriptions({ events, queues, redis, logger }: Needs): Subscriptions {
  const stopping = new AbortController()

  async function points({ data }: Delivery) {
    const { customer, order, amount } = data as OrderPlaced
    if (hasNoAccount(customer)) throw new PermanentJobError('the customer has no loyalty account')
    const key = `shop:points:${customer}`
    // By order: an event that comes twice gives its points once.
    await redis
      .multi()
      .hset(key, order, Math.floor(amount / 100))
      .expire(key, POINTS_FOR)
      .exec()
  }
  async function fulfil({ data }: Delivery) {
    const { order, product } = data as OrderPlaced
    const job: FulfilmentJob = { order, product }
    await (await queues.queue(RESERVATIONS)).add('reserve', job, { ...FOLLOW_UP_TRIES, id: `reserve-${order}` })
  }

  /** Redis may be away when the worker starts. */
  async function subscribe(subscribeTo: () => Promise<unknown>) {
    while (!stopping.signal.aborted) {
      try {
        return await subscribeTo()
      } catch (error) {
        logger.debug('a subscription could not be made', { reason: messageOf(error) })
        await pause(AGAIN, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }
  return {
    start() {
      events.startRelay()
      void subscribe(() => events.subscribe({ name: 'loyalty', to: ['order.*'], partitions: 2 }, points))
      void subscribe(() => events.subscribe({ name: 'fulfilment', to: ['order.placed'] }, fulfil))
    },
    stop: () => stopping.abort(),
  }
}
