import type { SharedLayer } from '../../../infrastructure/cache/index.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { cachesOf } from './collect.ts'

/** Where the shared layer of a cache lies. Undefined: no process has such a cache, it is in memory only, or it has stored nothing yet. */
export async function namespaceOf(
  environment: ConsoleEnvironment,
  cache: string,
): Promise<{ server: string; layer: SharedLayer } | undefined> {
  const fleet = await environment.fleet.read(['caches'])
  if (fleet.status === 'down') throw new Error(fleet.reason)
  const shared = cachesOf(fleet.data).find(instance => instance.cache === cache && instance.layers.includes('l2'))
  return shared && environment.caches.find(shared.namespace)
}
