import { BreakerItem, itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import { WorkerItem } from '../queues/index.ts'

/** A living process with a worker of a queue. */
export interface QueueWorker {
  process: FleetProcess
  /** `prefix:name` */
  queue: string
  dependsOn: readonly string[]
  /** An operator lets its jobs through whatever its breakers say. */
  ignores: boolean
}

/** The registered workers of every queue, by its key. */
export function workersByQueue({ processes }: Pick<FleetSnapshot, 'processes'>): Map<string, QueueWorker[]> {
  const all = processes.filter(isLiving).flatMap(process =>
    (itemsOf(process, 'workers', WorkerItem)?.items ?? []).map(
      (item): QueueWorker => ({
        process,
        queue: `${item.prefix}:${item.queue}`,
        dependsOn: item.dependsOn ?? [],
        ignores: item.ignoring !== undefined,
      }),
    ),
  )
  return Map.groupBy(all, ({ queue }) => queue)
}

/** An open breaker that a worker of the queue depends on, and the process that reports it. */
export interface OpenDependency {
  queue: string
  breaker: string
  instance: string
}

/** The first breaker, if any, that is open in a process whose worker of one of these queues depends on it. */
export function openDependency(
  snapshot: Pick<FleetSnapshot, 'processes'>,
  queues: ReadonlySet<string>,
): OpenDependency | undefined {
  const workers = [...workersByQueue(snapshot)].flatMap(([queue, list]) => (queues.has(queue) ? list : []))
  for (const { process, queue, dependsOn, ignores } of workers) {
    if (ignores || dependsOn.length === 0) continue
    const breakers = itemsOf(process, 'breakers', BreakerItem)?.items ?? []
    const open = breakers.find(({ name, effective }) => effective === 'open' && dependsOn.includes(name))
    if (open) return { queue, breaker: open.name, instance: process.instance }
  }
  return undefined
}
