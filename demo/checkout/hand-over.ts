import { messageOf } from 'substation/core'
import type { Logger } from 'substation/logging'
import type { FollowUps } from './follow-ups.ts'
import type { FollowUp, Orders } from './orders.ts'

export interface HandOver {
  /** Tries at once. Never rejects: what Redis did not take is tried again until it does. */
  now(order: FollowUp): Promise<void>
  start(): void
  stop(): void
}

const EVERY = 5_000
const AT_ONCE = 50

/** From the table of orders to the queues: an order is handed over when Redis has its jobs, and not before. */
export function handOver(orders: Orders, enqueue: FollowUps['enqueue'], logger: Logger): HandOver {
  let timer: NodeJS.Timeout | undefined
  let sweeping = false

  async function give(order: FollowUp) {
    await enqueue(order)
    await orders.handedOver(order.id)
  }

  async function sweep() {
    if (sweeping) return
    sweeping = true
    try {
      const waiting = await orders.waiting(AT_ONCE)
      for (const order of waiting) await give(order)
      if (waiting.length > 0) logger.info('handed over what had waited', { orders: waiting.length })
    } catch (error) {
      logger.debug('orders still wait to be handed over', { reason: messageOf(error) })
    } finally {
      sweeping = false
    }
  }

  return {
    async now(order) {
      try {
        await give(order)
      } catch (error) {
        logger.debug('an order waits to be handed over', { order: order.id, reason: messageOf(error) })
      }
    },
    start() {
      timer = setInterval(() => void sweep(), EVERY)
    },
    stop: () => clearInterval(timer),
  }
}
