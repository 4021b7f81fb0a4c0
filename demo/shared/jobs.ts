import type { JobOptions, Queues } from 'substation/queue'
import { createQueues } from 'substation/queue'
import type { BreakerRegistry } from 'substation/resilience'
import type { ServiceConfig } from './config.ts'

export const CAPTURES = 'orders.capture'
export const RECEIPTS = 'receipts.send'
export const INVITATIONS = 'reviews.invite'
export const STATEMENTS = 'statements.render'
export const RESERVATIONS = 'stock.reserve'
export const SHIPMENTS = 'parcels.ship'

export interface CaptureJob {
  order: string
  /** In cents. */
  amount: number
}
export interface ReceiptJob {
  order: string
  mailbox: string
}
export interface FulfilmentJob {
  order: string
  product: number
}

export interface StatementJob {
  customer: string
  language: 'en' | 'de' | 'fr' | 'nl' | 'pt'
  pages: number
}

/** Tries over two minutes: an outage of the payment provider is outlived. */
export const CAPTURE_TRIES: JobOptions = {
  attempts: 7,
  backoff: { kind: 'exponential', delayMs: 2_000 },
  keepCompleted: 200,
}
export const RECEIPT_TRIES: JobOptions = {
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  keepCompleted: 200,
}
export const FOLLOW_UP_TRIES: JobOptions = {
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  keepCompleted: 100,
}

/** When a customer has had time to look at what was bought. */
export const INVITATION_AFTER: JobOptions = { attempts: 3, delayMs: 120_000, keepCompleted: 100 }
export const STATEMENT_TRIES: JobOptions = {
  attempts: 2,
  backoff: { kind: 'fixed', delayMs: 2_000 },
  keepCompleted: 100,
}

/** The queues as a part of a service. */
export function queuesPart(config: ServiceConfig) {
  return {
    needs: ['breakers'] as const,
    create: ({ breakers }: { breakers: BreakerRegistry }) =>
      createQueues({ redisUrl: config.fleet.redisUrl, timeoutMs: 1_000 }, { breakers }),
    stop: (queues: Queues) => queues.close({ timeoutMs: 3_000 }),
  }
}
