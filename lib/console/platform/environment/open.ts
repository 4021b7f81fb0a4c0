import { outageLogger } from '../part/log-outage.ts'
import { outages } from '../part/outages.ts'
import type { ResolvedEnvironment } from '../settings/port.ts'
import type { ConsoleEnvironment } from './port.ts'
import type { OpenedResource, Resource, ResourceContext } from './resource.ts'

export interface OpenEnvironment extends ConsoleEnvironment {
  start(): void
  close(): Promise<void>
}

/** An environment with these resources. Any other is opened when it is first asked for. */
export function openEnvironment(
  settings: ResolvedEnvironment,
  surroundings: Pick<ResourceContext, 'console' | 'store' | 'hub' | 'logger'>,
  resources: readonly Resource<unknown>[],
): OpenEnvironment {
  // By id: Next loads modules once for pages and once for routes, and each copy has an object of its own for the same resource.
  const opened = new Map<string, OpenedResource<unknown>>()
  const opening = new Set<string>()
  let started = false

  function of<T>(resource: Resource<T>): T {
    const known = opened.get(resource.id)
    if (known) return known.value as T
    if (opening.has(resource.id))
      throw new Error(`resources need each other: ${[...opening, resource.id].join(' -> ')}`)
    opening.add(resource.id)
    try {
      const fresh = resource.open(context)
      // In the order in which opening ended: what a resource needs comes before it.
      opened.set(resource.id, fresh)
      if (started) fresh.start?.()
      return fresh.value
    } finally {
      opening.delete(resource.id)
    }
  }

  const context: ResourceContext = {
    ...surroundings,
    name: settings.name,
    settings,
    outages: outages(Date.now, outageLogger(surroundings.logger, settings.name)),
    of,
  }
  for (const resource of resources) of(resource)

  return {
    name: settings.name,
    settings,
    outages: context.outages,
    of,
    start() {
      started = true
      for (const { start } of opened.values()) start?.()
    },
    async close() {
      for (const { close } of [...opened.values()].reverse()) await close?.()
    },
  }
}
