import { newId } from '../../core/ids.ts'
import { createCacheRegistry } from '../../infrastructure/cache/index.ts'
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
  const member = joinFleet({
    redisUrl: settings.redisUrl,
    environment: settings.environments[0]?.name ?? '',
    service: 'catalogue',
    instance: options.instance ?? `catalogue-${newId()}`,
    key: options.fleetKey ?? TEST_FLEET_KEY,
    caches,
  })
  await member.start()
  return {
    member,
    cache,
    async stop() {
      await member.stop()
      await caches.close()
    },
  }
}
