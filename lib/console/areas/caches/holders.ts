import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { RefusalError } from '../../platform/refusal.ts'
import { type CacheInstance, cachesOf } from './collect.ts'

/** A cache in every living process that has it. Refuses when there are none: a typo must not look like success. */
export async function holdersOfCache(environment: ConsoleEnvironment, cache: string): Promise<CacheInstance[]> {
  const fleet = await environment.of(Fleet).read(['caches'], { maxAge: 0 })
  if (fleet.status !== 'up')
    throw new RefusalError({
      code: 'unavailable',
      message: `${fleet.reason}, so it is not known which processes have this cache. Nothing was done.`,
      nextStep: fleet.nextStep,
    })
  const holders = cachesOf(fleet.data).filter(instance => instance.cache === cache && !instance.silent)
  if (holders.length > 0) return holders
  throw new RefusalError({
    code: 'not_found',
    message: `No living process has a cache called ${cache}.`,
    fields: { cache: 'no living process has it' },
  })
}
