import type { ActScope } from '../../fleet/act-scope.ts'
import { type HeldKind, type Holder, holdersOf } from '../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { RefusalError } from '../../platform/refusal.ts'
import { WorkerItem } from './worker-item.ts'

/** Workers are found by their queue. */
const ByQueue = WorkerItem.transform(item => ({ ...item, worker: item.name, name: item.queue }))
type ByQueue = ReturnType<typeof ByQueue.parse>

const WORKERS: HeldKind<ByQueue> = { domain: 'workers', schema: ByQueue, noun: 'worker for the queue', field: 'queue' }

/** The living processes with a worker of this queue that depends on a breaker. Refuses when there are none. */
export async function dependentHolders(
  environment: ConsoleEnvironment,
  queue: string,
  scope: ActScope,
): Promise<Holder<ByQueue>[]> {
  const holders = await holdersOf(environment, WORKERS, queue, scope)
  const dependent = holders.filter(({ item }) => item.dependsOn !== undefined)
  if (dependent.length > 0) return dependent
  throw new RefusalError({
    code: 'invalid',
    message: `No worker of ${queue} depends on a breaker.`,
    fields: { queue: 'its workers depend on no breaker' },
  })
}

/** The breakers that these workers depend on, in words. */
export const breakersOfAll = (holders: readonly Holder<ByQueue>[]) =>
  [...new Set(holders.flatMap(({ item }) => item.dependsOn ?? []))].join(', ')
