import type { Queues } from 'substation/queue'
import type { BreakerRegistry } from 'substation/resilience'
import { CAPTURE_TRIES, CAPTURES, type CaptureJob, RECEIPT_TRIES, RECEIPTS, type ReceiptJob } from '../shared/jobs.ts'
import type { FollowUp as Order } from './orders.ts'

export interface FollowUps {
  /** Puts the jobs of an order into their queues; the same order twice gives them once. Rejects when Redis does not take them. */
  enqueue(order: Order): Promise<void>
  /** Asks Redis for something, the way jobs would go. */
  ask(): Promise<unknown>
}

/** The queues behind the breaker `order-queues`, so that a Redis that hangs holds up three orders and not all of them. */
export function followUps(breakers: BreakerRegistry, queues: Queues): FollowUps {
  const breaker = breakers.create({
    name: 'order-queues',
    policy: { kind: 'consecutive', failures: 3 },
    halfOpenAfterMs: 3_000,
    timeoutMs: 500,
    owner: 'platform team',
    runbook: 'demo/runbooks/redis.md',
  })
  return {
    enqueue: ({ id, amount, mailbox }) =>
      breaker.execute(async () => {
        const capture: CaptureJob = { order: id, amount }
        const receipt: ReceiptJob = { order: id, mailbox }
        const [captures, receipts] = await Promise.all([queues.queue(CAPTURES), queues.queue(RECEIPTS)])
        await Promise.all([
          captures.add('capture', capture, { ...CAPTURE_TRIES, id: `capture-${id}` }),
          receipts.add('receipt', receipt, { ...RECEIPT_TRIES, id: `receipt-${id}` }),
        ])
      }),
    ask: () => breaker.execute(async () => (await queues.queue(CAPTURES)).counts()),
  }
}
