import type { SharedLayer } from '../../../infrastructure/cache/index.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { cachesOf, isShared } from './collect.ts'
import { Caches } from './resource.ts'

export interface CacheNamespace {
  /** Whether a process of the fleet has a cache of that name. */
  reported: boolean
  /** Its shared layer; absent where it is in memory only, or has stored nothing yet. */
  shared?: { server: string; layer: SharedLayer }
}

/** Where a cache keeps its entries for all processes. */
export async function namespaceOf(environment: ConsoleEnvironment, cache: string): Promise<CacheNamespace> {
  const fleet = await environment.of(Fleet).read(['caches'])
  if (fleet.status === 'down') throw new Error(fleet.reason)
  const instances = cachesOf(fleet.data).filter(instance => instance.cache === cache)
  const shared = instances.find(isShared)
  return {
    reported: instances.length > 0,
    shared: shared && (await environment.of(Caches).find(shared.namespace)),
  }
}
