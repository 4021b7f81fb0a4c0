import { newId } from '../../core/ids.ts'
import { type AdoptedCache, type CacheRegistry, createCacheRegistry } from '../../infrastructure/cache/index.ts'
import { joinFleet } from '../../infrastructure/fleet/index.ts'
import type { Settings } from '../platform/settings/port.ts'
import { TEST_FLEET_KEY } from './open-test-console.ts'

/** A process of the fleet, in this process, with one cache: memory before Redis. */
export async function startCacheProcess(
  settings: Settings,
  options: { cache: string; instance?: string; redisUrl?: string; checkEveryMs?: number; fleetKey?: string },
) {
  const { redisUrl = settings.redisUrl, checkEveryMs } = options
  const caches = createCacheRegistry({ redisUrl }, checkEveryMs === undefined ? {} : { checkEveryMs })
  const cache = await caches.create({ name: options.cache })
  return { cache, ...(await joinWith(settings, caches, options)) }
}

/** The same with a cache of another library. */
export async function startAdoptingProcess(settings: Settings, instance: string, adopted: AdoptedCache) {
  const caches = createCacheRegistry()
  caches.adopt(adopted)
  return joinWith(settings, caches, { instance })
}

async function joinWith(
  settings: Settings,
  caches: CacheRegistry,
  { instance = `catalogue-${newId()}`, fleetKey = TEST_FLEET_KEY }: { instance?: string; fleetKey?: string },
) {
  const member = joinFleet({
    redisUrl: settings.redisUrl,
    environment: settings.environments[0]?.name ?? '',
    service: 'catalogue',
    instance,
    key: fleetKey,
    caches,
  })
  await member.start()
  return {
    member,
    async stop() {
      await member.stop()
      await caches.close()
    },
  }
}
