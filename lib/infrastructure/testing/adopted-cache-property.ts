import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AdoptedUnderTest, foundIn, invalidateIn, KEYS, WHERE } from '../cache/adopted.contract.ts'
import type { InvalidationTarget } from '../cache/index.ts'

const TAGS = ['spring', 'sale'] as const

/** What an adopted cache says that it can invalidate exactly is gone in both processes after both confirmed, whatever came before. */
export function adoptedCacheProperty(name: string, setup: () => Promise<AdoptedUnderTest>): void {
  test(`${name}: what can be invalidated exactly is gone in both processes, and nothing else is`, async () => {
    const it = await setup()
    const side = fc.constantFrom(0, 1)
    const key = fc.constantFrom(...KEYS)
    const act = fc.oneof(
      fc.record({ do: fc.constant('set' as const), side, key, tag: fc.constantFrom(...TAGS, undefined) }),
      fc.record({ do: fc.constant('get' as const), side, key }),
      fc.record({ do: fc.constant('invalidate' as const), where: fc.constantFrom(...it.exact.map(by => WHERE[by])) }),
    )
    const tags = new Map<string, string | undefined>()
    let writes = 0

    async function put(to: number, name: string, tag: string | undefined): Promise<void> {
      const value = `value ${++writes}`
      // In memory of its own, the other process may have tagged it otherwise.
      for (const process of it.shared ? [it.processes[to]] : it.processes) await process?.set(name, value, tag)
      tags.set(name, tag)
    }
    async function check(where: InvalidationTarget): Promise<void> {
      const before = new Map<string, boolean[]>()
      for (const name of KEYS) before.set(name, await isFound(name))
      await invalidateIn(it, where)
      for (const name of KEYS) {
        // A memory that was emptied as a whole fills from the store again.
        const left = isMeant(where, name, tags.get(name)) ? [false, false] : before.get(name)
        expect(await isFound(name), name).toEqual(left)
      }
    }
    const isFound = async (name: string) => (await foundIn(it, name)).map(value => value !== undefined)

    try {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 10 }), async acts => {
          for (const one of acts) {
            if (one.do === 'get') await it.processes[one.side]?.get(one.key)
            else if (one.do === 'set') await put(one.side, one.key, one.tag)
            else await check(one.where)
          }
        }),
        { numRuns: 15 },
      )
    } finally {
      for (const { adopted } of it.processes) adopted.release()
      await it.close?.()
    }
  })
}

function isMeant(where: InvalidationTarget, key: string, tag: string | undefined): boolean {
  switch (where.by) {
    case 'key':
      return key === where.key
    case 'pattern':
      return key.startsWith('product:')
    case 'tag':
      return tag === where.tag
    default:
      return true
  }
}
