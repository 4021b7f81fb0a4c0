import { fileURLToPath } from 'node:url'
import type { CacheReport } from '../../lib/infrastructure/cache/index.ts'
import { startProgram } from '../../lib/infrastructure/testing/program.ts'
import { ENVIRONMENT, product, secrets } from './product.ts'

/** What a service got from its cache: `value` absent when it found nothing. */
export interface Got {
  value?: string
  fromMemory: boolean
}

/** A service with one cache in a process of its own, which joins the fleet that the product under test watches. */
export async function startCacheService(options: { cache: string; instance: string; cacheUrl?: string }) {
  const { redisUrl } = product()
  const { cache, instance, cacheUrl = redisUrl } = options
  const { ask, close } = await startProgram(fileURLToPath(new URL('../programs/cache-service.ts', import.meta.url)), {
    args: [cache, cacheUrl],
    env: {
      SUBSTATION_REDIS_URL: redisUrl,
      SUBSTATION_ENVIRONMENT: ENVIRONMENT,
      SUBSTATION_FLEET_KEY: secrets().fleetKey,
      SUBSTATION_SERVICE: 'shelf',
      SUBSTATION_INSTANCE: instance,
    },
  })
  return {
    instance,
    report: () => ask<CacheReport>('report'),
    /** Stored as being about a product, where one is named. */
    set: (key: string, value: string, product?: string) => ask('set', { key, value, product }),
    get: (key: string) => ask<Got>('get', { key }),
    /** The value it has, or `value` as its origin's. */
    getOrSet: (key: string, value: string) => ask<string>('getOrSet', { key, value }),
    /** Resolves when the factory runs; it ends at `finish`, which tells what its caller got. */
    begin: (key: string, value: string) => ask('begin', { key, value }),
    finish: () => ask<string>('finish'),
    close,
  }
}
