import { z } from 'zod'
import type { StoredEvent } from '../../../fleet/port.ts'
import { Events, Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { type BreakerInstance, breakersOf } from '../collect.ts'
import { type BreakerGroup, gravityOf, groupBreakers } from '../group.ts'

const LIMIT = 300

export interface BreakerData {
  /** `computed` counts the states computed from calls in living processes, whatever is forced. `group` is absent when no process has it. */
  breaker: Part<{ group?: BreakerGroup; computed: Computed; instances: BreakerInstance[]; total: number }>
  /** Transitions, the newest first. */
  transitions: Part<Transition[]>
}

export interface Computed {
  counts: Record<BreakerInstance['computed']['state'], number>
  /** Since when the most severe of them holds, and since when a forced state keeps it from changing. */
  since?: number
  frozenSince?: number
}

export interface Transition {
  id: string
  at: number
  instance: string
  service: string
  from: string
  to: string
  cause: string
  message?: string
}

/** One dependency: its breaker in every process, and how it got there. */
export const breakerView = defineView({
  id: 'breaker',
  title: 'Breaker',
  permission: 'breaker:read',
  topics: ['breakers', 'fleet', 'events'],
  filters: z.object({ name: text(300) }),
  freshFor: 1_000,
  async read({ environment, outages }, { name }): Promise<BreakerData> {
    const [fleet, events] = await Promise.all([
      environment.of(Fleet).read(['breakers']),
      part('Postgres', outages, environment.of(Events).recent(400, 'breaker.transition')),
    ])
    return {
      breaker: mapPart(fleet, snapshot => {
        const instances = breakersOf(snapshot).filter(instance => instance.breaker === name)
        instances.sort(
          (a, b) => gravityOf(a.effective) - gravityOf(b.effective) || a.instance.localeCompare(b.instance),
        )
        return {
          group: groupBreakers(instances)[0],
          computed: computedOf(instances),
          instances: instances.slice(0, LIMIT),
          total: instances.length,
        }
      }),
      transitions: mapPart(events, list =>
        list
          .filter(event => event.data.breaker === name)
          .slice(0, 50)
          .map(toTransition),
      ),
    }
  },
})

function computedOf(instances: BreakerInstance[]): Computed {
  const living = instances.filter(instance => instance.effective !== 'unknown')
  const counts: Computed['counts'] = { open: 0, 'half-open': 0, closed: 0 }
  for (const { computed } of living) counts[computed.state]++
  const state = counts.open > 0 ? 'open' : counts['half-open'] > 0 ? 'half-open' : 'closed'
  const gravest = living.filter(({ computed }) => computed.state === state)
  const frozen = gravest.flatMap(({ computed }) => computed.frozenSince ?? [])
  return {
    counts,
    since:
      gravest.length > 0
        ? Math.min(...gravest.map(({ computed, tripped }) => tripped?.at ?? computed.since))
        : undefined,
    frozenSince: frozen.length > 0 ? Math.min(...frozen) : undefined,
  }
}

function toTransition(event: Omit<StoredEvent, 'v'>): Transition {
  const { from, to, cause, message } = event.data as Record<string, unknown>
  return {
    id: event.streamId,
    at: event.at,
    instance: event.instance,
    service: event.service,
    from: String(from),
    to: String(to),
    cause: String(cause),
    message: message === undefined ? undefined : String(message),
  }
}
