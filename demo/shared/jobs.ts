import type { JobOptions, Queues } from 'substation/queue'
import { createQueues } from 'substation/queue'
import type { ServiceConfig } from './config.ts'

export const CAPTURES = 'orders.capture'
export const RECEIPTS = 'receipts.send'

export interface CaptureJob {
  order: string
  /** In cents. */
  amount: number
}
export interface ReceiptJob {
  order: string
  mailbox: string
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

/** The queues as a part of a service. */
export function queuesPart(config: ServiceConfig) {
  return {
    create: () => createQueues({ redisUrl: config.fleet.redisUrl, timeoutMs: 1_000 }),
    stop: (queues: Queues) => queues.close({ timeoutMs: 3_000 }),
  }
}
