import { createHash } from 'node:crypto'
import { SyncError, type SyncMark } from './port.ts'
import type { Seen } from './store.ts'

/** How versions are compared: a content only differs, it is never older. */
export type VersionOrder = 'number' | 'text' | 'content'

/** Texts as Postgres compares them in collation "C": by their bytes. */
export function isNewer(one: string, other: string, order: VersionOrder): boolean {
  if (order === 'content') return one !== other
  return order === 'number' ? Number(one) > Number(other) : Buffer.compare(Buffer.from(one), Buffer.from(other)) > 0
}

export interface Versioned<Item> extends Seen {
  item: Item
}

interface Identity<Item> {
  name: string
  id(item: Item): string
  version?(item: Item): SyncMark
}

/** The versions of a sync's items: all of one kind, that of the first that this process saw. */
export class KnownVersions<Item> {
  readonly #identity: Identity<Item>
  #order: VersionOrder | undefined

  constructor(identity: Identity<Item>) {
    this.#identity = identity
    if (!identity.version) this.#order = 'content'
  }

  /** The items of a page or a webhook with id and version, each id once: the newest of it. */
  of(items: readonly Item[]): { order: VersionOrder; seen: Versioned<Item>[] } {
    const { name, id, version } = this.#identity
    const [first] = items
    if (version && first !== undefined) this.#order ??= kindOf(version(first))
    const order = this.#order ?? 'text'
    const newest = new Map<string, Versioned<Item>>()
    for (const item of items) {
      const its = {
        id: checkedId(name, id(item)),
        version: version ? versionText(name, version(item), order) : hash(item),
        item,
      }
      const known = newest.get(its.id)
      if (known && !isNewer(its.version, known.version, order)) continue
      newest.delete(its.id)
      newest.set(its.id, its)
    }
    return { order, seen: [...newest.values()] }
  }

  ofRemoval(version: SyncMark): { order: VersionOrder; text: string } {
    const order = this.#order ?? kindOf(version)
    return { order, text: versionText(this.#identity.name, version, order) }
  }
}

const kindOf = (version: SyncMark): VersionOrder => (typeof version === 'number' ? 'number' : 'text')

export function checkedId(name: string, id: string): string {
  if (typeof id === 'string' && id !== '' && id.length <= 1_000 && !id.includes('\u0000')) return id
  throw new SyncError(`An item of ${name} has no valid id: 1 to 1,000 characters, and none of them NUL`, {
    code: 'SYNC_OPTIONS',
  })
}

function versionText(name: string, version: SyncMark, order: VersionOrder): string {
  const isText = typeof version === 'string' && version !== '' && !version.includes('\u0000')
  if (order === 'text' && isText) return version
  if (order === 'number' && typeof version === 'number' && Number.isFinite(version)) return String(version)
  throw new SyncError(
    `The versions of ${name} are not all ${order === 'number' ? 'finite numbers' : 'texts'}: one is ${String(version) || 'empty'}`,
    { code: 'SYNC_OPTIONS' },
  )
}

const hash = (item: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(item) ?? '')
    .digest('base64url')
