import { z } from 'zod'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { redacted } from '../../../platform/redact.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, text } from '../../../platform/view/text-filters.ts'
import { namespaceOf } from '../namespace.ts'
import { aboutWhere, asMeant } from '../where.ts'

/** The most of a value that is shown, in characters of its JSON. */
const SHOWN = 20_000

export interface CachedValue {
  server: string
  /** The value as JSON, what sounds secret in it hidden; cut after 20,000 characters. Absent: it is no JSON. */
  value?: { bytes: number; text?: string; cut?: boolean; redacted?: boolean }
  /** Size in Redis. */
  bytes: number
  /** Times left in ms. `stale`: it is served and refreshed; `grace`: served only where making a new value fails. */
  state: 'fresh' | 'stale' | 'grace'
  expiresInMs: number
  goneInMs: number
  epoch: number
  /** How long its factory took; absent when it was set. */
  madeInMs?: number
  /** Version of the schema it was written with. */
  schema?: string
  tags: string[]
  /** Entities, users and workspaces it is about, in words. */
  about: string[]
}

export interface CacheKeyData {
  /** `reported`: whether a process of the fleet has that cache; without one nothing is known of the key. */
  key: Part<{ reported: boolean; found?: CachedValue }>
}

/** One entry of a cache in its shared layer: read by its key, which makes and refreshes nothing. */
export const cacheKeyView = defineView({
  id: 'cache-key',
  title: 'Cached value',
  permission: 'cache:value',
  topics: ['caches'],
  filters: z.object({ cache: text(300), key: exact(500) }),
  freshFor: 1_000,
  async read({ environment }, { cache, key }): Promise<CacheKeyData> {
    async function read() {
      if (!cache || !key) return { reported: false }
      const { reported, shared } = await namespaceOf(environment, cache)
      if (!shared) return { reported }
      const { entries } = await shared.layer.read([key])
      const [entry] = entries
      if (!entry) return { reported }
      const tags = entry.tags.map(tag => ({ tag, meant: asMeant({ by: 'tag', tag }) }))
      const found: CachedValue = {
        server: shared.server,
        value: shownValue(entry.value),
        bytes: entry.bytes,
        state: entry.hardMs <= 0 ? 'grace' : entry.softMs <= 0 ? 'stale' : 'fresh',
        expiresInMs: entry.hardMs,
        goneInMs: entry.goneMs,
        epoch: entry.epoch,
        ...(entry.madeInMs > 0 ? { madeInMs: entry.madeInMs } : {}),
        ...(entry.schema === undefined ? {} : { schema: entry.schema }),
        tags: tags.filter(({ meant }) => meant.by === 'tag').map(({ tag }) => tag),
        about: tags.filter(({ meant }) => meant.by !== 'tag').map(({ meant }) => aboutWhere(meant)),
      }
      return { reported, found }
    }
    return { key: await part('Redis', environment.outages, read()) }
  },
})

/** Redacted before it is cut: what is cut cannot be checked field by field. */
function shownValue(value: unknown): CachedValue['value'] {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    // A value of another codec may be no JSON: a circle, a BigInt.
  }
  if (text === undefined) return
  const bytes = Buffer.byteLength(text)
  const clean = redacted({ bytes, text })
  const shown = clean.text ?? ''
  return { ...clean, text: shown.slice(0, SHOWN), ...(shown.length > SHOWN ? { cut: true } : {}) }
}
