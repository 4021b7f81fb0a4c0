import { z } from 'zod'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { type CacheInstance, cachesFor, isShared } from '../collect.ts'
import { withFallen } from '../fallen.ts'
import { type CacheGroup, groupCaches } from '../group.ts'
import { type GroupActivity, groupActivity } from '../group-activity.ts'
import { type GroupHotKeys, HOT_KEYS, hotKeysOf } from '../hot-keys.ts'
import { Caches } from '../resource.ts'

const LIMIT = 300

export interface CacheData {
  /** `group` is absent when no process has it. */
  cache: Part<{ group?: CacheGroup; activity: GroupActivity; instances: CacheInstance[]; total: number }>
  /** Absent for those who may not see names of keys. */
  hotKeys?: Part<GroupHotKeys>
  /** The server of its shared layer; none for a cache in memory only, or one that has stored nothing yet. */
  shared: Part<{ server?: string }>
}

/** One cache in every process that has it. */
export const cacheView = defineView({
  id: 'cache',
  title: 'Cache',
  permission: 'cache:read',
  topics: ['caches', 'fleet'],
  filters: z.object({ name: text(300) }),
  freshFor: 1_000,
  async read({ environment, permissions }, { name }): Promise<CacheData> {
    const fleet = await environment.of(Fleet).read(['caches', HOT_KEYS])
    const instances =
      fleet.status === 'down' ? [] : cachesFor(permissions, fleet.data).filter(instance => instance.cache === name)
    instances.sort((a, b) => a.service.localeCompare(b.service) || a.instance.localeCompare(b.instance))
    const namespace = instances.find(isShared)?.namespace
    const shared = namespace === undefined ? undefined : environment.of(Caches).find(namespace)
    const [group] = await withFallen(environment, groupCaches(instances).slice(0, 1))
    return {
      cache: mapPart(fleet, () => ({
        group,
        activity: groupActivity(instances.filter(({ silent }) => !silent)),
        instances: instances.slice(0, LIMIT),
        total: instances.length,
      })),
      ...(permissions.includes('key:read') ? { hotKeys: mapPart(fleet, snapshot => hotKeysOf(snapshot, name)) } : {}),
      shared: mapPart(await part('Redis', environment.outages, Promise.resolve(shared)), found => ({
        server: found?.server,
      })),
    }
  },
})
