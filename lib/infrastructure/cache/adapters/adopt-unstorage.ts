import type { AdoptedCache, AdoptionDetails } from '../adopted.ts'
import { type AdoptedAct, adoptedCache } from '../adopted-cache.ts'
import { globMatcher } from '../glob.ts'

/** The part of an unstorage Storage (v1) that is used. */
export interface UnstorageLike {
  removeItem(key: string): Promise<void>
  getKeys(base?: string): Promise<string[]>
  getMounts(base?: string, options?: { parents?: boolean }): { driver: { name?: string; removeItem?: unknown } }[]
}

export interface UnstorageDetails extends AdoptionDetails {
  /** The beginning of its keys, such as `products`; the whole storage when absent. Keys and patterns are taken from behind it. */
  base?: string
}

const IN_MEMORY = new Set(['memory', 'lru-cache'])
/** On a server that all processes use, so that one of them can do it for all. */
const REMOTE = new Set([
  'redis',
  'upstash',
  'vercel-kv',
  'mongodb',
  's3',
  'planetscale',
  'azure-cosmos',
  'azure-storage-blob',
  'azure-storage-table',
  'cloudflare-kv-http',
])
const REMOVED_AT_ONCE = 100

/**
 * Shows a storage of unstorage among the caches. Its lookups are counted by wrapping `getItem`, `getItemRaw` and `getItems` in place,
 * until `release`; what a `prefixStorage` of it reads is counted with it.
 */
export function adoptUnstorage(storage: UnstorageLike, details: UnstorageDetails): AdoptedCache {
  const base = normalised(details.base ?? '')
  const prefix = base && `${base}:`
  const drivers = storage.getMounts(base, { parents: true }).map(({ driver }) => driver)
  const names = [...new Set(drivers.map(({ name = 'unknown' }) => name))]
  const counted = countLookups(storage, prefix)

  async function remove(isMeant: (key: string) => boolean): Promise<void> {
    const keys = (await storage.getKeys(base)).filter(key => isMeant(key.slice(prefix.length)))
    for (let at = 0; at < keys.length; at += REMOVED_AT_ONCE)
      await Promise.all(keys.slice(at, at + REMOVED_AT_ONCE).map(key => storage.removeItem(key)))
  }
  const once = names.every(name => REMOTE.has(name))
  const act = (run: (value: string) => Promise<unknown>): AdoptedAct => ({
    exact: true,
    once,
    async run(value, memoryOnly) {
      if (!memoryOnly) await run(value)
    },
  })
  // unstorage drops what a driver cannot do without a word.
  const fixed = drivers.some(({ removeItem }) => removeItem === undefined)
  const why = `Its driver ${names.join(', ')} cannot remove entries.`

  return adoptedCache({
    kind: 'unstorage',
    details,
    namespace: base || details.name,
    store: `driver ${names.join(', ')}`,
    layers: [...new Set(names.map(name => (IN_MEMORY.has(name) ? ('l1' as const) : ('l2' as const))))].sort(),
    targets: {
      key: fixed ? why : act(key => storage.removeItem(prefix + key)),
      pattern: fixed ? why : act(pattern => remove(globMatcher(pattern))),
      tag: 'unstorage has no tags.',
      // Its own `clear` leaves entries where the base is no mount.
      all: fixed ? why : act(() => remove(() => true)),
    },
    totals: () => ({ hits: counted.hits, misses: counted.misses }),
    unmeasured: ['figures by layer', 'entries'],
    release: counted.release,
  })
}

/** As unstorage names keys. */
function normalised(key: string): string {
  const [path = ''] = key.split('?')
  return path.replace(/[/\\]/g, ':').replace(/:+/g, ':').replace(/^:|:$/g, '')
}

type Lookup = (given: unknown, ...rest: unknown[]) => Promise<unknown>
const LOOKUPS = ['getItem', 'getItemRaw', 'getItems'] as const

function countLookups(storage: UnstorageLike, prefix: string) {
  const counted = { hits: 0, misses: 0 }
  const count = (key: string, value: unknown) => {
    if (!normalised(key).startsWith(prefix)) return
    if (value === null || value === undefined) counted.misses++
    else counted.hits++
  }
  const methods = storage as unknown as Record<(typeof LOOKUPS)[number], Lookup>
  const theirs = LOOKUPS.map(name => [name, methods[name]] as const)
  for (const [name, lookup] of theirs)
    methods[name] = async (given, ...rest) => {
      const found = await lookup.call(storage, given, ...rest)
      if (name === 'getItems')
        for (const { key, value } of found as { key: string; value: unknown }[]) count(key, value)
      else count(String(given), found)
      return found
    }
  return Object.assign(counted, {
    release() {
      for (const [name, lookup] of theirs) methods[name] = lookup
    },
  })
}
