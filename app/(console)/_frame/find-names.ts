import type { PaletteGroup } from '@/components/shell/shell-props'
import type { NamesData } from '@/lib/console/areas/shell/views/names'
import type { Reading } from '@/lib/console/platform/view/read'
import { ask } from './ask'

/** What the palette finds by name, each with the page where its sheet opens. What is down has no names, and the others are found all the same. */
export async function findNames(environment: string, query: string, signal: AbortSignal): Promise<PaletteGroup[]> {
  const outcome = await ask<Reading<NamesData>>(
    `/api/v1/${environment}/views/names?${new URLSearchParams({ q: query })}`,
    { signal },
  )
  if (!outcome.ok) return []
  const { names, queues, servers } = outcome.value.data
  const { services, processes, breakers, caches } =
    names.status === 'down' ? { services: [], processes: [], breakers: [], caches: [] } : names.data
  const at = (page: string, what: Record<string, string>) => `/${environment}/${page}?${new URLSearchParams(what)}`
  return [
    {
      id: 'breakers',
      label: 'Breakers',
      items: breakers.map(name => ({
        id: `breaker-${name}`,
        label: name,
        href: at('breakers', { breaker: name }),
      })),
    },
    {
      id: 'queues',
      label: 'Queues',
      items: queues.map(({ server, key, name }) => ({
        id: `queue-${server}-${key}`,
        label: name,
        detail: server,
        href: at('queues', { server, queue: key }),
      })),
    },
    {
      id: 'caches',
      label: 'Caches',
      items: caches.map(name => ({ id: `cache-${name}`, label: name, href: at('caches', { cache: name }) })),
    },
    {
      id: 'services',
      label: 'Services',
      items: services.map(name => ({ id: `service-${name}`, label: name, href: at('services', { service: name }) })),
    },
    {
      id: 'servers',
      label: 'Redis servers',
      items: servers.map(name => ({ id: `redis-${name}`, label: name, href: at('redis', { server: name }) })),
    },
    {
      id: 'processes',
      label: 'Processes',
      items: processes.map(({ id, instance, service }) => ({
        id,
        label: instance,
        detail: service,
        href: at('services', { process: id }),
      })),
    },
  ].filter(group => group.items.length > 0)
}
