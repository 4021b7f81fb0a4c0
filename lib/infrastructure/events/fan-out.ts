import { createHash } from 'node:crypto'
import type { NewJob, Queues } from '../queue/index.ts'
import type { DomainEvent } from './port.ts'
import type { KnownSubscription } from './subscription-list.ts'

/** Jobs added in one call to a queue. */
const PIECE = 500

/** The queue of a partition: `events-receipts`, or `events-receipts-2`. */
export function queueOf({ name, partitions }: { name: string; partitions: number }, partition: number): string {
  return partitions === 1 ? `events-${name}` : `events-${name}-${partition}`
}

/** Those of all its partitions, in their order. */
export function queuesOf(subscription: { name: string; partitions: number }): string[] {
  return Array.from({ length: subscription.partitions }, (_, partition) => queueOf(subscription, partition))
}

/** Events of a key are always in the same partition; those without one anywhere. */
export function partitionOf({ id, key }: Pick<DomainEvent, 'id' | 'key'>, partitions: number): number {
  if (partitions === 1) return 0
  return (
    createHash('sha1')
      .update(key ?? id)
      .digest()
      .readUInt32BE(0) % partitions
  )
}

/**
 * Adds events, in their order, to the queues of the subscriptions that want them. An event that is still in a queue is not added again.
 * `replay` tells its deliveries from those before.
 */
export async function fanOut(
  queues: Pick<Queues, 'queue'>,
  subscriptions: readonly KnownSubscription[],
  events: readonly DomainEvent[],
  { replay }: { replay?: string } = {},
): Promise<number> {
  const byQueue = new Map<string, NewJob<DomainEvent>[]>()
  for (const subscription of subscriptions)
    for (const event of events) {
      if (!subscription.wants(event.type)) continue
      const queue = queueOf(subscription, partitionOf(event, subscription.partitions))
      const job = {
        name: event.type,
        data: event,
        options: { id: replay ? `${event.id}-${replay}` : event.id, keepCompleted: KEPT },
      }
      const jobs = byQueue.get(queue)
      if (jobs) jobs.push(job)
      else byQueue.set(queue, [job])
    }
  await Promise.all(
    [...byQueue].map(async ([name, jobs]) => {
      const queue = await queues.queue(name)
      for (let at = 0; at < jobs.length; at += PIECE) await queue.addBulk(jobs.slice(at, at + PIECE))
    }),
  )
  return [...byQueue.values()].reduce((sum, jobs) => sum + jobs.length, 0)
}

/** Finished deliveries that are kept: a relay that was killed before it noted what it had sent sends that again, and those are recognised. */
const KEPT = 5_000
