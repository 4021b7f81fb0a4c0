import type { SharedLayer } from '../../../../infrastructure/cache/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { type CacheInstance, isShared } from '../collect.ts'
import { Caches } from '../resource.ts'

export interface Shared {
  server: string
  layer: SharedLayer
  namespace: string
}

/** The shared layer of a cache; undefined for one in memory only. */
export async function sharedOf(
  environment: ConsoleEnvironment,
  holders: readonly CacheInstance[],
): Promise<Shared | undefined> {
  const namespace = holders.find(isShared)?.namespace
  const found = namespace === undefined ? undefined : await environment.of(Caches).find(namespace)
  return found && namespace !== undefined ? { ...found, namespace } : undefined
}
