import { Durations } from './durations.ts'
import type { NamespaceReport } from './report.ts'
import { withoutScope } from './targets.ts'

/** What happened to the keys of one namespace. Entries in memory refer to it, so that a hit is counted without looking it up. */
export interface NamespaceCounts {
  readonly name: string
  /** From memory: the only count of such a hit, from which the others are summed up. */
  memoryHits: number
  /** From Redis. */
  hits: number
  misses: number
  sets: number
  deletes: number
  evictions: number
  /** In memory now. */
  entries: number
  bytes: number
  /** Calls of factories, those that failed, and the slowest in ms. */
  made: number
  failed: number
  slowestMs: number
  durations: Durations | undefined
}

/** Namespaces that are counted on their own; keys of further ones are counted together. */
const COUNTED = 256
/** Of which the report names so many: the busiest, and some of the slowest among the others. */
const REPORTED = 32
const SLOWEST = 4
const REST = '*'

/** What is before the first colon of a key, without its scope. */
export function namespaceOf(key: string): string {
  const own = withoutScope(key)
  const end = own.indexOf(':')
  return end < 0 ? '' : own.slice(0, end)
}

/** Counts by namespace. */
export class Namespaces {
  readonly #counts = new Map<string, NamespaceCounts>()

  of(key: string): NamespaceCounts {
    const name = namespaceOf(key)
    return this.#counts.get(name) ?? this.#begin(this.#counts.size < COUNTED ? name : REST)
  }

  /** Named ones, then all others as one named `*`. */
  report(most = REPORTED): NamespaceReport[] {
    const busy = ({ memoryHits, hits, misses, sets }: NamespaceCounts) => memoryHits + hits + misses + sets
    const all = [...this.#counts.values()].filter(({ name }) => name !== REST).sort((a, b) => busy(b) - busy(a))
    const slowest = Math.min(SLOWEST, Math.floor(most / 8))
    const others = all.slice(most - slowest).sort((a, b) => b.slowestMs - a.slowestMs)
    const unnamed = this.#counts.get(REST)
    const rest = [...others.slice(slowest), ...(unnamed ? [unnamed] : [])]
    const named = [...all.slice(0, most - slowest), ...others.slice(0, slowest)]
    return [...named.map(reportOf), ...(rest.length === 0 ? [] : [reportOf(together(rest))])]
  }

  get memoryHits(): number {
    let sum = 0
    for (const counts of this.#counts.values()) sum += counts.memoryHits
    return sum
  }

  #begin(name: string): NamespaceCounts {
    const begun = this.#counts.get(name) ?? newCounts(name)
    this.#counts.set(name, begun)
    return begun
  }
}

export function factoryTook(counts: NamespaceCounts, ms: number, failed: boolean): void {
  counts.made++
  if (failed) counts.failed++
  counts.slowestMs = Math.max(counts.slowestMs, ms)
  counts.durations ??= new Durations()
  counts.durations.add(ms)
}

function newCounts(name: string): NamespaceCounts {
  const none = { memoryHits: 0, hits: 0, misses: 0, sets: 0, deletes: 0, evictions: 0, entries: 0, bytes: 0 }
  return { name, ...none, made: 0, failed: 0, slowestMs: 0, durations: undefined }
}

/** Sums; how long factories took is only known for each on its own. */
function together(all: NamespaceCounts[]): NamespaceCounts {
  const sum = newCounts(REST)
  for (const one of all) {
    for (const figure of [
      'memoryHits',
      'hits',
      'misses',
      'sets',
      'deletes',
      'evictions',
      'entries',
      'bytes',
      'made',
      'failed',
    ] as const)
      sum[figure] += one[figure]
    sum.slowestMs = Math.max(sum.slowestMs, one.slowestMs)
  }
  return sum
}

function reportOf({ durations, made, failed, slowestMs, memoryHits, ...rest }: NamespaceCounts): NamespaceReport {
  const counts = { ...rest, hits: rest.hits + memoryHits }
  const took = durations?.report()
  if (made === 0) return counts
  return {
    ...counts,
    made,
    failed,
    slowestMs: Math.round(slowestMs),
    ...(took && { p50Ms: took.p50, p95Ms: took.p95 }),
  }
}
