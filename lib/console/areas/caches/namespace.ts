import type { SharedLayer } from '../../../infrastructure/cache/index.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { cachesOf, isShared } from './collect.ts'
import { Caches } from './resource.ts'

/** The namespace of the shared layer of a cache. Undefined: no process has such a cache, it is in memory only, or it has stored nothing yet. */
export async function namespaceOf(
  environment: ConsoleEnvironment,
  cache: string,
): Promise<{ server: string; layer: SharedLayer } | undefined> {
  const fleet = await environment.of(Fleet).read(['caches'])
  if (fleet.status === 'down') throw new Error(fleet.reason)
  const shared = cachesOf(fleet.data).find(instance => instance.cache === cache && isShared(instance))
  return shared && environment.of(Caches).find(shared.namespace)
}
