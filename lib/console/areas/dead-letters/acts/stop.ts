import { Fleet } from '../../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { type OpenDependency, openDependency } from '../workers.ts'

/** How often it is checked whether a breaker is open (ms): a replay stops within a second. */
const CHECK_EVERY = 250

/** Watches the breakers that the workers of these queues depend on. A fleet that does not answer opens none. */
export function breakerWatch(environment: ConsoleEnvironment, queues: ReadonlySet<string>) {
  let checkedAt = Number.NEGATIVE_INFINITY
  let open: OpenDependency | undefined
  return async function openBreaker(): Promise<OpenDependency | undefined> {
    if (performance.now() - checkedAt < CHECK_EVERY) return open
    const fleet = await environment.of(Fleet).read(['workers', 'breakers'], { maxAge: CHECK_EVERY })
    checkedAt = performance.now()
    open = fleet.status === 'down' ? undefined : openDependency(fleet.data, queues)
    return open
  }
}

export const breakerWords = ({ breaker, queue, instance }: OpenDependency) =>
  `the breaker ${breaker}, on which the workers of ${queue} depend, is open in ${instance}`
