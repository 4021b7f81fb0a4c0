import type { AdoptedLayerStats, AdoptedTarget } from '../adopted.ts'
import { type AdoptedAct, noteOf } from '../adopted-cache.ts'
import type { KeyvLayer } from './keyv-layer.ts'

interface StackOptions {
  kind: string
  /** Beginnings of keys that its library keeps for itself. */
  except?: readonly string[]
}

/**
 * What can be done with Keyvs one behind the other, the nearest first. The farthest is invalidated first: what is read from it and put into
 * memory before the nearer ones are invalidated is removed with the memory.
 */
export function stackTargets(
  layers: readonly KeyvLayer[],
  { kind, except = [] }: StackOptions,
): Omit<Record<AdoptedTarget, AdoptedAct | string>, 'tag'> {
  const farthestFirst = layers.toReversed()
  const shared = layers.filter(({ layer }) => layer === 'l2')
  const once = shared.length > 0
  const each = async (memoryOnly: boolean, act: (layer: KeyvLayer) => Promise<void>) => {
    for (const layer of farthestFirst) if (!memoryOnly || layer.layer === 'l1') await act(layer)
  }
  const store = storeOf(layers)
  const foreign = shared.some(({ own }) => !own)
    ? `${kind} has no namespace, so its keys in ${store} cannot be told from those of others.`
    : undefined
  const others = shared.some(({ inDefaultNamespace }) => inDefaultNamespace)
    ? ['Its namespace is the default of Keyv, so what others keep there in the same store goes too.']
    : []
  const emptied = once && layers.some(({ layer, listable }) => layer === 'l1' && !listable)
  const unlisted = (once ? shared : layers).some(({ listable }) => !listable)

  return {
    key: { exact: true, run: (key, memoryOnly) => each(memoryOnly, layer => layer.delete(key)) },
    pattern:
      foreign ??
      (unlisted
        ? `${kind} cannot list the keys that it has in ${store}.`
        : {
            exact: true,
            once,
            ...noteOf([
              ...others,
              ...(emptied ? ['The memory of each process is emptied as a whole: its keys cannot be listed.'] : []),
            ]),
            run: (pattern, memoryOnly) => each(memoryOnly, layer => layer.deleteMatching(pattern, except)),
          }),
    all: foreign ?? {
      exact: true,
      once,
      ...noteOf(others),
      run: (_all, memoryOnly) => each(memoryOnly, layer => layer.clear()),
    },
  }
}

/** Figures by layer; several Keyvs of one kind count as one, which misses what the last of them misses. */
export function stackStats(layers: readonly KeyvLayer[]): AdoptedLayerStats[] {
  return [...Map.groupBy(layers, ({ layer }) => layer).values()].map(members => {
    const stats = members.map(member => member.stats())
    const last = stats.at(-1) as AdoptedLayerStats
    return { ...last, hits: stats.reduce((sum, { hits }) => sum + hits, 0) }
  })
}

export const layerNames = (layers: readonly KeyvLayer[]) => [...new Set(layers.map(({ layer }) => layer))].sort()

/** Where the values are: `redis` behind memory, or memory. */
export const storeOf = (layers: readonly KeyvLayer[]) => layers.find(({ layer }) => layer === 'l2')?.store ?? 'memory'

export function releaseAll(layers: readonly KeyvLayer[]): void {
  for (const layer of layers) layer.release()
}
