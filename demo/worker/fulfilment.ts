import { setTimeout as pause } from 'node:timers/promises'
import type { Queues, Worker } from 'substation/queue'
import { FOLLOW_UP_TRIES, type FulfilmentJob, RESERVATIONS, SHIPMENTS } from '../shared/jobs.ts'

const OWNED = { owner: 'warehouse team', runbook: 'demo/runbooks/services.md' }
/** How long the warehouse takes (ms). */
const RESERVING = 20
const SHIPPING = 40

/** Sets the goods of an order aside, and then has them shipped: each step is a job that the one before adds. */
export function reservationWorker(queues: Queues): Promise<Worker> {
  return queues.work<FulfilmentJob>(
    RESERVATIONS,
    async ({ data }) => {
      await pause(RESERVING)
      const shipments = await queues.queue(SHIPMENTS)
      await shipments.add('ship', data, { ...FOLLOW_UP_TRIES, id: `ship-${data.order}` })
    },
    { concurrency: 2, ...OWNED },
  )
}

export function shipmentWorker(queues: Queues): Promise<Worker> {
  return queues.work<FulfilmentJob>(SHIPMENTS, () => pause(SHIPPING), { concurrency: 2, ...OWNED })
}
