import { Fleet } from '../../fleet/resources.ts'
import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofCaches } from './attention.ts'
import { cachesOf } from './collect.ts'
import { withFallen } from './fallen.ts'
import { groupCaches } from './group.ts'
import { hitRatioSource } from './hit-ratios.ts'
import { deleteKeys } from './operations/delete-keys.ts'
import { invalidateCache } from './operations/invalidate.ts'
import { switchCache } from './operations/switch.ts'
import { switchCacheOn } from './operations/switch-on.ts'
import { warmCache } from './operations/warm.ts'
import { Caches } from './resource.ts'
import { cacheView } from './views/cache.ts'
import { cacheHistoryView } from './views/cache-history.ts'
import { cacheKeyView } from './views/cache-key.ts'
import { cacheKeyCopiesView } from './views/cache-key-copies.ts'
import { cacheKeysView } from './views/cache-keys.ts'
import { cacheSizesView } from './views/cache-sizes.ts'
import { cachesView } from './views/caches.ts'
import { keyPrefixView } from './views/key-prefix.ts'

export const cachesArea = defineArea({
  id: 'caches',
  title: 'Caches',
  page: { group: 'operate', icon: 'layers', shortcut: 'c', counts: 'degraded' },
  permissions: {
    'cache:read': 'viewer',
    'cache:invalidate': 'operator',
    // Key names may contain sessions and people, and a scan of them is work for a Redis that may be in trouble.
    'key:read': 'operator',
    // Values are what people and sessions have; what sounds secret in them is hidden anyway.
    'cache:value': 'operator',
    'cache:switch': 'operator',
    'cache:warm': 'operator',
    'cache:delete-keys': 'admin',
  },
  topics: { caches: 'cache:read' },
  resources: [Caches],
  views: [
    cachesView,
    cacheView,
    cacheHistoryView,
    cacheKeyView,
    cacheKeyCopiesView,
    cacheKeysView,
    cacheSizesView,
    keyPrefixView,
  ],
  operations: [invalidateCache, deleteKeys, switchCache, switchCacheOn, warmCache],
  async attention({ environment }) {
    const fleet = await environment.of(Fleet).read(['caches'])
    if (fleet.status === 'down') return { items: [], known: false }
    return { items: ofCaches(await withFallen(environment, groupCaches(cachesOf(fleet.data)))), known: true }
  },
  samples: environment => [hitRatioSource(environment.of(Fleet))],
  async names({ environment }, query) {
    const fleet = await environment.of(Fleet).read(['caches'])
    const names = fleet.status === 'down' ? [] : cachesOf(fleet.data).map(instance => instance.cache)
    return [
      nameGroup(
        'caches',
        'Caches',
        query,
        [...new Set(names)]
          .sort()
          .map(name => ({ id: `cache-${name}`, label: name, href: placeOf('caches', { cache: name }) })),
        'cache',
      ),
    ]
  },
})
