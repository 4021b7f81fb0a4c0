import type {
  AdoptedAbility,
  AdoptedCache,
  AdoptedCacheReport,
  AdoptedLayerStats,
  AdoptedTarget,
  AdoptionDetails,
} from './adopted.ts'
import { CacheError, type InvalidationTarget } from './port.ts'
import { exactTarget, isReservedTag } from './targets.ts'

/** One kind of invalidation: its ability, and how it is done. `value` is the key, pattern or tag; '' for all. */
export interface AdoptedAct extends Omit<AdoptedAbility, 'by'> {
  run(value: string, memoryOnly: boolean): Promise<void>
}

/** What an adopter knows of its library. Each target is an act, or the sentence that says why there is none. */
export interface AdoptedParts {
  kind: string
  details: AdoptionDetails
  /** The name when absent. */
  namespace?: string
  store?: string
  layers: readonly ('l1' | 'l2')[]
  targets: Record<AdoptedTarget, AdoptedAct | string>
  unmeasured?: readonly string[]
  stats?: () => AdoptedLayerStats[]
  totals?: () => AdoptedCacheReport['totals']
  release?: () => void
}

const TARGETS = ['key', 'pattern', 'tag', 'all'] as const

/** A cache of another library from its parts. */
export function adoptedCache(parts: AdoptedParts): AdoptedCache {
  const { kind, details, targets, layers, stats = () => [], totals = () => undefined } = parts
  const { name, owner, runbook } = details
  let revision = 0
  let read = ''
  let lastInvalidation: AdoptedCacheReport['lastInvalidation']

  const adopted = {
    kind,
    ...(parts.store === undefined ? {} : { store: parts.store }),
    can: TARGETS.flatMap(by => {
      const act = targets[by]
      return typeof act === 'string' ? [] : [abilityOf(by, act)]
    }),
    cannot: TARGETS.flatMap(by => {
      const why = targets[by]
      return typeof why === 'string' ? [{ by, why }] : []
    }),
    unmeasured: [...(parts.unmeasured ?? [])],
  }

  function measured(): Omit<AdoptedCacheReport, 'revision'> {
    const layerStats = stats()
    const entries = layerStats.find(({ layer }) => layer === 'l1')?.size
    const sums = totals()
    return {
      name,
      namespace: parts.namespace ?? name,
      layers: [...layers],
      stats: layerStats,
      ...(sums === undefined ? {} : { totals: sums }),
      ...(entries === undefined ? {} : { l1Entries: entries }),
      epoch: 0,
      ...(lastInvalidation === undefined ? {} : { lastInvalidation }),
      adopted,
      ...(owner === undefined ? {} : { owner }),
      ...(runbook === undefined ? {} : { runbook }),
    }
  }
  /** A foreign library does not say that its figures changed: they are compared at each reading. */
  function revised(): number {
    const now = JSON.stringify(measured())
    if (now !== read) revision++
    read = now
    return revision
  }

  return {
    name,
    get revision() {
      return revised()
    },
    report: () => ({ ...measured(), revision: revised() }),
    async applyInvalidation(given, _epoch, { memoryOnly = false } = {}) {
      const where = exactTarget(given)
      if (where.by === 'tag' && isReservedTag(where.tag))
        refuse(name, `${kind} knows no entities, workspaces or users.`)
      const act = targets[where.by]
      if (typeof act === 'string') return refuse(name, act)
      await act.run(textOf(where), memoryOnly)
      lastInvalidation = { at: Date.now(), where, epoch: 0 }
    },
    release: () => parts.release?.(),
  }
}

function refuse(name: string, why: string): never {
  throw new CacheError(`${name} cannot be invalidated by that: ${why}`, { code: 'CACHE_UNSUPPORTED' })
}

function abilityOf(by: AdoptedTarget, { exact, once, note }: AdoptedAct): AdoptedAbility {
  return { by, exact, ...(once ? { once } : {}), ...(note === undefined ? {} : { note }) }
}

/** Sentences as one note; none where there is nothing to say. */
export function noteOf(sentences: readonly (string | undefined)[]): { note?: string } {
  const note = sentences.filter(sentence => sentence !== undefined).join(' ')
  return note === '' ? {} : { note }
}

function textOf(where: Exclude<InvalidationTarget, { id: unknown }>): string {
  return where.by === 'all' ? '' : where.by === 'key' ? where.key : where.by === 'tag' ? where.tag : where.pattern
}
