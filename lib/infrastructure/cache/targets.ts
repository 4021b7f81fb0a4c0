import { CacheError, type CacheScope, type EntityRef, type InvalidationTarget } from './port.ts'

/**
 * What Redis, the bus and processes of older versions know. Entities, workspaces and users are tags with reserved names, so
 * that the same epochs make their invalidation exact.
 */
export type ExactTarget = Exclude<InvalidationTarget, { by: 'entity' | 'workspace' | 'user' }>

const RESERVED = /^@(entity|workspace|user|scope):/
/** The beginning of the keys that belong to a scope. */
const SCOPE_KEY = '@scope/'

const entityTag = (type: string, id: string | number) => `@entity:${encodeURIComponent(type)}:${encodeURIComponent(id)}`
const workspaceTag = (id: string) => `@workspace:${encodeURIComponent(id)}`
const userTag = (id: string) => `@user:${encodeURIComponent(id)}`

export function exactTarget(where: InvalidationTarget): ExactTarget {
  switch (where.by) {
    case 'entity':
      return { by: 'tag', tag: entityTag(where.type, where.id) }
    case 'workspace':
      return { by: 'tag', tag: workspaceTag(where.id) }
    case 'user':
      return { by: 'tag', tag: userTag(where.id) }
    default:
      return where
  }
}

/** Whether it stands for an entity, a workspace, a user or a scope. */
export const isReservedTag = (tag: string) => RESERVED.test(tag)

/** The tags of an entry. Throws CacheError for a tag that has a reserved name. */
export function tagsOf({ tags = [], entity }: { tags?: readonly string[]; entity?: EntityRef }): readonly string[] {
  const reserved = tags.find(isReservedTag)
  if (reserved !== undefined)
    throw new CacheError(`The tag ${reserved} has a reserved name`, {
      code: 'CACHE_OPTIONS',
      nextStep: 'Say entity, or use cache.for({ workspace, user }).',
    })
  return entity === undefined ? tags : [...tags, entityTag(...entity)]
}

/** Keys of a scope can only be named through a cache that is bound to it. */
export function refuseScopedKey(key: string): void {
  // Most keys differ in their first character, and this runs with every lookup.
  if (key.charCodeAt(0) === 64 && key.startsWith(SCOPE_KEY))
    throw new CacheError(`The key ${key} belongs to a scope`, {
      code: 'CACHE_OPTIONS',
      nextStep: 'Use cache.for({ workspace, user }).',
    })
}

/** The key without the scope it belongs to. */
export function withoutScope(key: string): string {
  return key.startsWith(SCOPE_KEY) ? key.split('/').slice(3).join('/') : key
}

/** How keys and tags of one scope are named. */
export interface ScopeNames {
  /** Of every key. */
  prefix: string
  /** Of every entry. */
  tags: readonly string[]
  /** All entries of the scope. */
  all: ExactTarget
  /** What a tag means within the scope. */
  tag(own: string): string
}

/** A part that is not bound is empty, so that no two scopes share a name. */
export function scopeNames({ workspace, user }: CacheScope): ScopeNames {
  if (workspace === '' || user === '' || (workspace === undefined && user === undefined))
    throw new CacheError('A scope needs a workspace or a user', { code: 'CACHE_OPTIONS' })
  const name = `${encodeURIComponent(workspace ?? '')}/${encodeURIComponent(user ?? '')}`
  const own = `@scope:${name}`
  const parts = [
    ...(workspace === undefined ? [] : [workspaceTag(workspace)]),
    ...(user === undefined ? [] : [userTag(user)]),
  ]
  const both = parts.length === 2
  return {
    prefix: `${SCOPE_KEY}${name}/`,
    tags: both ? [...parts, own] : parts,
    all: { by: 'tag', tag: both ? own : (parts[0] as string) },
    tag: tag => `${own}/${tag}`,
  }
}
