import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { search } from '../../../platform/view/text-filters.ts'
import { breakersOf } from '../../breakers/collect.ts'
import { cachesOf } from '../../caches/collect.ts'

const LIMIT = 20

export interface NamesData {
  names: Part<{
    services: string[]
    processes: { id: string; instance: string; service: string }[]
    breakers: string[]
    caches: string[]
  }>
  /** Of what the servers last said; a server that is down has none. `key` is `prefix:name`. */
  queues: { server: string; key: string; name: string }[]
  servers: string[]
}

/** What the command palette finds by name. */
export const namesView = defineView({
  id: 'names',
  title: 'Names',
  permission: 'fleet:read',
  topics: ['fleet', 'queues'],
  filters: z.object({ q: search }),
  freshFor: 5_000,
  async read({ environment }, { q }): Promise<NamesData> {
    const fleet = await environment.fleet.read(['breakers', 'caches'])
    const wanted = q.toLowerCase()
    const matches = (name: string) => name.toLowerCase().includes(wanted)
    const queues = environment.queues.servers.flatMap(server => {
      const part = server.peek()
      const known = !part || part.status === 'down' ? [] : part.data.queues
      return known.filter(({ key }) => matches(key)).map(({ key, name }) => ({ server: server.name, key, name }))
    })
    return {
      queues: queues.slice(0, LIMIT),
      servers: environment.redis.servers.map(({ name }) => name).filter(matches),
      names: mapPart(fleet, snapshot => ({
        services: [...new Set(snapshot.processes.map(process => process.service))]
          .filter(matches)
          .sort()
          .slice(0, LIMIT),
        processes: snapshot.processes
          .filter(process => matches(process.instance))
          .slice(0, LIMIT)
          .map(({ id, instance, service }) => ({ id, instance, service })),
        breakers: [...new Set(breakersOf(snapshot).map(instance => instance.breaker))]
          .filter(matches)
          .sort()
          .slice(0, LIMIT),
        caches: [...new Set(cachesOf(snapshot).map(instance => instance.cache))].filter(matches).sort().slice(0, LIMIT),
      })),
    }
  },
})
