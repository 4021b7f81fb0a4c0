import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AdoptedCache, AdoptedTarget } from './adopted.ts'
import type { InvalidationTarget } from './port.ts'

/** One process: its adopted cache, and how its service uses the library. */
export interface AdoptedProcess {
  adopted: AdoptedCache
  get(key: string): Promise<unknown>
  set(key: string, value: string, tag?: string): Promise<unknown>
}

/** The same cache in two processes, empty. */
export interface AdoptedUnderTest {
  kind: string
  processes: readonly [AdoptedProcess, AdoptedProcess]
  /** What it says it can do, and which of it exactly. */
  can: readonly AdoptedTarget[]
  exact: readonly AdoptedTarget[]
  /** Whether lookups are counted. */
  counts: boolean
  /** Whether processes see each other's values. */
  shared: boolean
  close?(): Promise<void> | void
}

export const KEYS = ['product:1', 'product:2', 'price:1'] as const
const TARGETS = ['key', 'pattern', 'tag', 'all'] as const
export const WHERE: Record<AdoptedTarget, InvalidationTarget> = {
  key: { by: 'key', key: 'product:1' },
  pattern: { by: 'pattern', pattern: 'product:*' },
  tag: { by: 'tag', tag: 'spring' },
  all: { by: 'all' },
}

/** As the console does: one process for all where one suffices, then the memory of the others. */
export async function invalidateIn({ processes }: AdoptedUnderTest, where: InvalidationTarget): Promise<void> {
  const [first, second] = processes
  const once = first.adopted.report().adopted.can.some(({ by, once }) => by === where.by && once)
  await first.adopted.applyInvalidation(where)
  await second.adopted.applyInvalidation(where, undefined, { memoryOnly: once })
}

/** One after the other: what a library removes as it reads may race with another reader. */
export const foundIn = async ({ processes: [one, two] }: AdoptedUnderTest, key: string) => [
  await one.get(key),
  await two.get(key),
]

/**
 * What every adopted cache guarantees, whichever library it is of. `failing` opens one whose store can be ended, where it has one that
 * can fail.
 */
export function adoptedCacheContract(
  name: string,
  setup: () => Promise<AdoptedUnderTest>,
  failing?: () => Promise<AdoptedUnderTest & { endStore(): Promise<void> }>,
): void {
  describe(`${name} keeps the contract of adopted caches`, () => {
    let it: AdoptedUnderTest
    beforeEach(async () => {
      it = await setup()
    })
    afterEach(async () => {
      for (const { adopted } of it.processes) adopted.release()
      await it.close?.()
    })

    async function everywhere(key: string, value: string, tag?: string): Promise<void> {
      for (const one of it.processes) {
        if (it.shared && one !== it.processes[0]) continue
        await one.set(key, value, tag)
      }
      for (const one of it.processes) expect(await one.get(key)).toBe(value)
    }
    const found = (key: string) => foundIn(it, key)

    test('says whose it is, and of each target whether it is possible or why not', () => {
      const { adopted, layers } = it.processes[0].adopted.report()
      expect(adopted.kind).toBe(it.kind)
      expect(layers.length).toBeGreaterThan(0)
      expect(adopted.can.map(({ by }) => by)).toEqual(TARGETS.filter(by => it.can.includes(by)))
      expect(adopted.can.filter(({ exact }) => exact).map(({ by }) => by)).toEqual([...it.exact])
      expect(adopted.cannot.map(({ by }) => by)).toEqual(TARGETS.filter(by => !it.can.includes(by)))
      for (const { why } of adopted.cannot) expect(why).toMatch(/^\S.*\.$/)
    })

    test.for(TARGETS)('by %s: what is meant is gone in both processes, or nothing is done', async by => {
      for (const key of KEYS) await everywhere(key, 'old', key === 'price:1' ? 'sale' : 'spring')
      const { adopted } = it.processes[0]
      if (!it.can.includes(by)) {
        await expect(adopted.applyInvalidation(WHERE[by])).rejects.toMatchObject({ code: 'CACHE_UNSUPPORTED' })
        for (const key of KEYS) expect(await found(key)).toEqual(['old', 'old'])
        expect(adopted.report().lastInvalidation).toBeUndefined()
        return
      }
      await invalidateIn(it, WHERE[by])
      const left = await Promise.all(
        KEYS.map(async key => ((await found(key)).some(value => value !== undefined) ? key : [])),
      )
      const meant = {
        key: ['product:1'],
        pattern: ['product:1', 'product:2'],
        tag: ['product:1', 'product:2'],
        all: KEYS,
      }
      expect(left.flat()).toEqual(KEYS.filter(key => !meant[by].includes(key)))
      expect(adopted.report().lastInvalidation).toMatchObject({ where: WHERE[by], epoch: 0 })
    })

    test('entities, workspaces and users are refused, whichever tags it has', async () => {
      await everywhere('product:1', 'old')
      const [{ adopted }] = it.processes
      for (const where of [
        { by: 'entity', type: 'product', id: 1 },
        { by: 'user', id: 'ada' },
        { by: 'workspace', id: 'acme' },
      ] as const)
        await expect(adopted.applyInvalidation(where)).rejects.toMatchObject({ code: 'CACHE_UNSUPPORTED' })
      expect(await found('product:1')).toEqual(['old', 'old'])
    })

    test('counts lookups where they can be counted; otherwise there is no number, and a word for it', async () => {
      const [one] = it.processes
      await one.set('product:1', 'x', 'spring')
      const before = one.adopted.revision
      expect(one.adopted.revision).toBe(before)
      const { totals: none = { hits: 0, misses: 0 } } = one.adopted.report()
      await one.get('product:1')
      await one.get('product:2')
      await one.get('product:3')
      const { totals, adopted } = one.adopted.report()
      if (it.counts) {
        expect(totals).toEqual({ hits: none.hits + 1, misses: none.misses + 2 })
        expect(one.adopted.revision).toBeGreaterThan(before)
      } else {
        expect(totals).toBeUndefined()
        expect(adopted.unmeasured.join()).toMatch(/lookups|ratio/)
      }
      one.adopted.release()
      await one.get('product:1')
      expect(one.adopted.report().totals).toEqual(totals)
      expect(await one.get('product:1')).toBe('x')
    })

    test.runIf(failing)('a store that fails is not confirmed', async () => {
      const broken = await failing?.()
      if (!broken) return
      const [{ adopted, set }] = broken.processes
      try {
        await set('product:1', 'old', 'spring')
        await broken.endStore()
        for (const by of broken.can) await expect(adopted.applyInvalidation(WHERE[by]), by).rejects.toThrow()
        expect(adopted.report().lastInvalidation).toBeUndefined()
      } finally {
        await broken.close?.()
      }
    })
  })
}
