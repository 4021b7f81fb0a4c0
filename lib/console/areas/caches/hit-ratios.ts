import type { FleetCollector } from '../../fleet/port.ts'
import type { SamplePoint, SampleSource } from '../../platform/samples.ts'
import { seriesName } from '../../series/names.ts'
import { type CacheInstance, cachesOf } from './collect.ts'

/** `layer` is `l1`, `l2` or `any` of them. */
export const hitRatioSeries = (cache: string, layer: 'l1' | 'l2' | 'any') =>
  seriesName('cache_hit_ratio', { cache, layer })
export const callsSeries = (cache: string) => seriesName('cache_calls', { cache })
/** Lookups a second that a layer answered: without the cache they would have gone to the origin. */
export const answeredSeries = (cache: string) => seriesName('cache_answered', { cache })
/** Entries a second that were evicted from memory because it was full. */
export const evictionsSeries = (cache: string) => seriesName('cache_evictions', { cache })
/** What it keeps in the memory of all processes. */
export const memorySeries = (cache: string) => seriesName('cache_memory_bytes', { cache })

/** The service under which the figures of a cache are kept: one over all services that share it. */
export const CACHES = 'caches'

const LAYERS = ['any', 'l1', 'l2'] as const
type Layer = (typeof LAYERS)[number]

interface Counted {
  at: number
  layers: Partial<Record<Layer, { hits: number; misses: number }>>
  evictions?: number
}

interface Sum {
  seconds: number
  layers: Record<Layer, { hits: number; calls: number }>
  evictions?: number
}

/**
 * Between two samples: share of lookups answered (0 to 1; without lookups there is none), lookups, lookups answered and evictions per
 * second. And what memory holds now.
 */
export function hitRatioSource(fleet: FleetCollector): SampleSource {
  let before = new Map<string, Counted>()
  return {
    name: 'caches',
    async sample() {
      const reading = await fleet.read(['caches'])
      if (reading.status !== 'up') {
        // What happened in a longer gap belongs to no single interval.
        before = new Map()
        return []
      }
      const at = performance.now()
      const now = new Map<string, Counted>()
      const sums = new Map<string, Sum>()
      const bytes = new Map<string, number>()
      for (const instance of cachesOf(reading.data)) {
        const { cache } = instance
        if (instance.silent) continue
        if (instance.bytes !== undefined) bytes.set(cache, (bytes.get(cache) ?? 0) + instance.bytes)
        const id = `${instance.process}\n${cache}`
        const counted = countedOf(instance, at)
        if (!counted) continue
        now.set(id, counted)
        const last = before.get(id)
        if (!last) continue
        const sum = sums.get(cache) ?? { seconds: (at - last.at) / 1000, layers: empty() }
        for (const layer of LAYERS) add(sum.layers[layer], last.layers[layer], counted.layers[layer])
        if (counted.evictions !== undefined && last.evictions !== undefined)
          sum.evictions = (sum.evictions ?? 0) + Math.max(0, counted.evictions - last.evictions)
        sums.set(cache, sum)
      }
      before = now
      return [
        ...[...sums].flatMap(([cache, sum]) => pointsOf(cache, sum)),
        ...[...bytes].map(([cache, value]) => ({ service: CACHES, series: memorySeries(cache), value })),
      ]
    },
  }
}

const empty = (): Sum['layers'] => ({
  any: { hits: 0, calls: 0 },
  l1: { hits: 0, calls: 0 },
  l2: { hits: 0, calls: 0 },
})

function countedOf({ totals, l1, l2 }: CacheInstance, at: number): Counted | undefined {
  if (!totals) return undefined
  return { at, layers: { any: totals, l1, l2 }, ...(l1?.evictions === undefined ? {} : { evictions: l1.evictions }) }
}

type Figures = Counted['layers'][Layer]
function add(sum: { hits: number; calls: number }, last: Figures, now: Figures) {
  if (!last || !now) return
  sum.hits += Math.max(0, now.hits - last.hits)
  sum.calls += Math.max(0, now.hits - last.hits) + Math.max(0, now.misses - last.misses)
}

function pointsOf(cache: string, { seconds, layers, evictions }: Sum): SamplePoint[] {
  const points: SamplePoint[] = [
    { service: CACHES, series: callsSeries(cache), value: layers.any.calls / seconds },
    { service: CACHES, series: answeredSeries(cache), value: layers.any.hits / seconds },
  ]
  if (evictions !== undefined)
    points.push({ service: CACHES, series: evictionsSeries(cache), value: evictions / seconds })
  for (const layer of LAYERS) {
    const { hits, calls } = layers[layer]
    if (calls > 0) points.push({ service: CACHES, series: hitRatioSeries(cache, layer), value: hits / calls })
  }
  return points
}
