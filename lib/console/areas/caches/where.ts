import { z } from 'zod'
import type { InvalidationTarget } from '../../../infrastructure/cache/index.ts'
import { CacheKey, Glob } from '../../platform/operation/input.ts'

/** Which entries an invalidation is about, as operators say it. */
export const Where = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('key'), key: CacheKey }),
  z.strictObject({ by: z.literal('pattern'), pattern: Glob }),
  z.strictObject({ by: z.literal('tag'), tag: CacheKey }),
  z.strictObject({
    by: z.literal('entity'),
    type: CacheKey.describe('kind of entity, such as product'),
    id: CacheKey.describe('which one'),
  }),
  z.strictObject({ by: z.literal('workspace'), id: CacheKey }),
  z.strictObject({ by: z.literal('user'), id: CacheKey }),
  z.strictObject({ by: z.literal('all') }),
])
export type Where = z.output<typeof Where>

const RESERVED = /^@(entity|workspace|user):([^:]*)(?::(.*))?$/

/** An entity, a workspace or a user is a tag with a reserved name in Redis and on the bus: said as what it stands for. */
export function asMeant(where: InvalidationTarget): InvalidationTarget {
  const [, by, first = '', second] = (where.by === 'tag' && RESERVED.exec(where.tag)) || []
  if (by === 'entity' && second !== undefined) return { by, type: decoded(first), id: decoded(second) }
  return by === 'workspace' || by === 'user' ? { by, id: decoded(first) } : where
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Which part of the cache, in a few words: `the key product:7`, `product 42`, `everything`. */
export function aboutWhere(where: InvalidationTarget): string {
  switch (where.by) {
    case 'key':
      return `the key ${where.key}`
    case 'pattern':
      return where.pattern
    case 'tag':
      return `the tag ${where.tag}`
    case 'entity':
      return `${where.type} ${where.id}`
    case 'workspace':
      return `the workspace ${where.id}`
    case 'user':
      return `the user ${where.id}`
    case 'all':
      return 'everything'
  }
}

/** Behind a number of entries: `tagged spring`, `about product 42`. */
export function describeWhere(where: Where): string {
  switch (where.by) {
    case 'key':
      return `with the key ${where.key}`
    case 'pattern':
      return `matching ${where.pattern}`
    case 'tag':
      return `tagged ${where.tag}`
    case 'entity':
      return `about ${where.type} ${where.id}`
    case 'workspace':
      return `of the workspace ${where.id}`
    case 'user':
      return `of the user ${where.id}`
    case 'all':
      return 'in all'
  }
}
