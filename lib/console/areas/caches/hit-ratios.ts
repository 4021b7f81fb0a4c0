import type { FleetCollector } from '../../fleet/port.ts'
import type { SamplePoint, SampleSource } from '../../platform/samples.ts'
import { seriesName } from '../../series/names.ts'
import { type CacheInstance, cachesOf, type LayerFigures } from './collect.ts'

/** `layer` is `l1`, `l2` or `any` of them. */
export const hitRatioSeries = (cache: string, layer: 'l1' | 'l2' | 'any') =>
  seriesName('cache_hit_ratio', { cache, layer })
export const callsSeries = (cache: string) => seriesName('cache_calls', { cache })

/** The service under which the figures of a cache are kept: one over all services that share it. */
export const CACHES = 'caches'

interface Counted {
  at: number
  any: LayerFigures
  l1?: LayerFigures
  l2?: LayerFigures
}

/** Share of lookups answered (0 to 1) and lookups per second, between two samples. Without lookups there is no ratio. */
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
      const sums = new Map<
        string,
        { seconds: number; layers: Record<'any' | 'l1' | 'l2', { hits: number; calls: number }> }
      >()
      for (const instance of cachesOf(reading.data)) {
        if (instance.silent) continue
        const id = `${instance.process}\n${instance.cache}`
        const counted = countedOf(instance, at)
        now.set(id, counted)
        const last = before.get(id)
        if (!last) continue
        const sum = sums.get(instance.cache) ?? { seconds: (at - last.at) / 1000, layers: empty() }
        for (const layer of ['any', 'l1', 'l2'] as const) add(sum.layers[layer], last[layer], counted[layer])
        sums.set(instance.cache, sum)
      }
      before = now
      return [...sums].flatMap(([cache, sum]) => pointsOf(cache, sum))
    },
  }
}

const empty = () => ({ any: { hits: 0, calls: 0 }, l1: { hits: 0, calls: 0 }, l2: { hits: 0, calls: 0 } })

function countedOf({ totals, l1, l2 }: CacheInstance, at: number): Counted {
  return { at, any: { hits: totals.hits, misses: totals.misses, errors: 0 }, l1, l2 }
}

function add(sum: { hits: number; calls: number }, last: LayerFigures | undefined, now: LayerFigures | undefined) {
  if (!last || !now) return
  sum.hits += Math.max(0, now.hits - last.hits)
  sum.calls += Math.max(0, now.hits - last.hits) + Math.max(0, now.misses - last.misses)
}

function pointsOf(
  cache: string,
  { seconds, layers }: { seconds: number; layers: ReturnType<typeof empty> },
): SamplePoint[] {
  const points: SamplePoint[] = [{ service: CACHES, series: callsSeries(cache), value: layers.any.calls / seconds }]
  for (const layer of ['any', 'l1', 'l2'] as const) {
    const { hits, calls } = layers[layer]
    if (calls > 0) points.push({ service: CACHES, series: hitRatioSeries(cache, layer), value: hits / calls })
  }
  return points
}
