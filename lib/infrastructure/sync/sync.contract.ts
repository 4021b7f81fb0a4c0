import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { byId, many, type Product, product, shop } from './contract-source.ts'
import { PageExpiredError, type SyncDefinition, type Syncs } from './port.ts'
import { receivingContract } from './receiving.contract.ts'

export interface SyncsUnderTest {
  syncs: Syncs
  /** Over the same store, as another process has them. */
  another(): Promise<Syncs>
  close(): Promise<void>
}

/** What syncs guarantee, whatever keeps them. */
export function syncContract(name: string, setup: () => Promise<SyncsUnderTest>): void {
  describe(`${name} keeps the contract of syncs`, () => {
    let under: SyncsUnderTest
    beforeEach(async () => {
      under = await setup()
    })
    afterEach(() => under.close())
    const define = <Item>(definition: SyncDefinition<Item>) => under.syncs.define(definition)

    test('a full pass stores everything, then only what changed, and removes what is gone', async () => {
      const source = shop(many(7))
      const sync = define(source.definition())
      expect(await sync.state()).toEqual({ status: 'never' })
      expect(await sync.run()).toMatchObject({
        status: 'completed',
        pages: 3,
        items: 7,
        changed: 7,
        removed: 0,
        total: 7,
      })
      expect([...source.stored.values()].sort(byId)).toEqual(many(7))

      source.products = [...many(5), product('p9', 2, 250)]
      source.applied.length = 0
      expect(await sync.run()).toMatchObject({ status: 'completed', items: 6, changed: 1, removed: 2 })
      expect(source.applied).toEqual(['p9'])
      expect([...source.stored.keys()].sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p9'])
      expect(await sync.state()).toMatchObject({ status: 'completed', lastCompleted: { items: 6, removed: 2 } })
      expect(await sync.state()).not.toHaveProperty('pass')
    })

    test('what was gone and is back with the version it had is stored again', async () => {
      const source = shop(many(2))
      const sync = define(source.definition())
      await sync.run()
      source.products = [product('p0')]
      await sync.run()
      expect([...source.stored.keys()]).toEqual(['p0'])
      source.products = many(2)
      await sync.run()
      expect([...source.stored.keys()].sort()).toEqual(['p0', 'p1'])
    })

    test('a source that suddenly answers little removes nothing, unless it is allowed to', async () => {
      const source = shop(many(30))
      const sync = define(source.definition())
      await sync.run()
      source.products = many(6)
      await expect(sync.run()).rejects.toMatchObject({
        code: 'SYNC_REMOVES_MOST',
        message: expect.stringContaining('24 of 30'),
      })
      expect(source.stored.size).toBe(30)
      expect(await sync.state()).toMatchObject({
        status: 'failed',
        lastError: { message: expect.stringContaining('24') },
      })
      // The next run pulls again from the beginning, and finds it whole.
      source.products = many(30)
      expect(await sync.run()).toMatchObject({ status: 'completed', items: 30, removed: 0 })

      source.products = many(6)
      const allowed = (await under.another()).define(source.definition({ maxRemovedShare: 1 }))
      expect(await allowed.run()).toMatchObject({ removed: 24 })
      expect(source.stored.size).toBe(6)
      // Also of few it does not remove all.
      source.products = []
      await expect(sync.run()).rejects.toMatchObject({ code: 'SYNC_REMOVES_MOST' })
      source.products = many(5)
      const strict = (await under.another()).define(source.definition({ maxRemovedShare: 0 }))
      await expect(strict.run()).rejects.toMatchObject({ code: 'SYNC_REMOVES_MOST' })
      expect(source.stored.size).toBe(6)
      expect(await sync.run()).toMatchObject({ removed: 1 })
    })

    test('an incremental pass asks from the mark on, and applies nothing twice', async () => {
      const source = shop(many(4, 5))
      const sync = define(source.definition({ strategy: 'incremental' }))
      expect(await sync.run()).toMatchObject({ changed: 4 })
      expect((await sync.state()).mark).toBe(5)
      source.products.push(product('late', 5), product('new', 8))
      source.asked.length = source.applied.length = 0
      expect(await sync.run()).toMatchObject({ items: 6, changed: 2, removed: 0 })
      expect(source.asked).toEqual([
        { page: '0', since: 5 },
        { page: '1', since: 5 },
      ])
      expect(source.applied.sort()).toEqual(['late', 'new'])
      expect((await sync.state()).mark).toBe(8)
    })

    test('it may look further back than the mark, for a source that shows changes late', async () => {
      const source = shop([product('a', 100)])
      const sync = define(source.definition({ strategy: 'incremental', since: mark => Number(mark) - 50 }))
      await sync.run()
      source.products.push(product('late', 60))
      expect(await sync.run()).toMatchObject({ changed: 1 })
      expect(source.stored.has('late')).toBe(true)
      expect((await sync.state()).mark).toBe(100)
    })

    test('marks of text grow as texts do, and without versions content decides', async () => {
      const texts = shop([])
      const byText = define(texts.definition({ strategy: 'incremental', version: ({ at }) => `v${at}` }))
      await byText.receive([product('a', 9)])
      expect(await byText.receive([product('a', 10, 1)])).toBe(0)
      expect(texts.stored.get('a')?.at).toBe(9)

      const source = shop([product('a')])
      const { version: _none, ...unversioned } = source.definition({ name: 'contents' })
      const byContent = define(unversioned)
      await byContent.run()
      source.products = [product('a', 1, 70)]
      expect(await byContent.run()).toMatchObject({ changed: 1 })
      expect(await byContent.run()).toMatchObject({ changed: 0 })
      expect(source.stored.get('a')?.price).toBe(70)
    })

    test('an interrupted pass continues with the page after the last one kept', async () => {
      const source = shop(many(9))
      const sync = define(source.definition())
      const stop = new AbortController()
      source.onPull = page => page === 2 && stop.abort()
      expect(await sync.run({ signal: stop.signal })).toMatchObject({ status: 'interrupted', pages: 2, items: 6 })
      expect(await sync.state()).toMatchObject({ status: 'interrupted', pass: { pages: 2, total: 9 } })
      source.onPull = () => undefined
      source.asked.length = 0
      const progress: number[] = []
      expect(await sync.run({ onProgress: ({ items }) => progress.push(items) })).toMatchObject({
        status: 'completed',
        items: 9,
        changed: 9,
      })
      expect(source.asked).toEqual([{ page: '2' }])
      expect(progress).toEqual([9, 9])
      expect(source.applied).toHaveLength(9)
    })

    test('a page that cannot be applied is not kept, and comes again', async () => {
      const source = shop(many(6))
      let isBroken = true
      const sync = define(
        source.definition({
          async apply(items) {
            if (isBroken && items.some(({ id }) => id === 'p4')) throw new Error('no such category')
            for (const item of items) source.stored.set(item.id, item)
          },
        }),
      )
      await expect(sync.run()).rejects.toThrow('no such category')
      expect(await sync.state()).toMatchObject({
        status: 'failed',
        pass: { pages: 1 },
        lastError: { message: 'no such category' },
      })
      isBroken = false
      expect(await sync.run()).toMatchObject({ status: 'completed', items: 6, changed: 6 })
      expect(source.stored.size).toBe(6)
    })

    test('a page that the source no longer knows begins the pass again, once', async () => {
      const source = shop(many(6))
      const sync = define(source.definition())
      let expired = 0
      source.onPull = page => {
        if (page === 1 && expired++ === 0) throw new PageExpiredError('cursor expired')
      }
      expect(await sync.run()).toMatchObject({ status: 'completed', pages: 2, items: 6, changed: 6 })
      expect(source.asked.map(({ page }) => page)).toEqual(['0', '1', '0', '1'])
      source.onPull = page => {
        if (page === 1) throw new PageExpiredError('cursor expired')
      }
      await expect(sync.run()).rejects.toThrow('cursor expired')
    })

    test('a failed pull is tried again; where the source asks to wait for long, no run calls it before', async () => {
      const source = shop(many(2))
      const sync = define(source.definition({ retry: { attempts: 3, initialDelayMs: 1, maxRetryAfterMs: 100 } }))
      let failures = 2
      source.onPull = () => {
        if (failures-- > 0) throw Object.assign(new Error('bad gateway'), { status: 502 })
      }
      expect(await sync.run()).toMatchObject({ status: 'completed' })
      expect(source.asked).toHaveLength(3)

      source.onPull = () => {
        throw Object.assign(new Error('too many requests'), { status: 429, retryAfterMs: 3_600_000 })
      }
      const before = Date.now()
      const deferred = await sync.run()
      expect(deferred).toEqual({ status: 'deferred', retryAt: expect.any(Number) })
      const { retryAt = 0, status, lastError } = await sync.state()
      expect(retryAt).toBeGreaterThanOrEqual(before + 3_600_000)
      expect({ status, lastError }).toMatchObject({ status: 'deferred', lastError: { message: 'too many requests' } })
      source.asked.length = 0
      expect(await sync.run()).toEqual({ status: 'deferred', retryAt })
      expect(source.asked).toEqual([])

      await sync.restart()
      source.onPull = () => {
        throw Object.assign(new Error('unknown shop'), { status: 404 })
      }
      await expect(sync.run()).rejects.toThrow('unknown shop')
      expect(source.asked).toHaveLength(1)
    })

    receivingContract(define)

    test('one run at a time: another finds it busy, and may run it once its holder is silent', async () => {
      const source = shop(many(3))
      const other = (await under.another()).define(source.definition())
      const sync = define(source.definition())
      let during: unknown
      source.onPull = async () => {
        source.onPull = () => undefined
        during = [await other.run(), (await other.state()).status, await other.restart().catch(error => error.code)]
      }
      await sync.run()
      expect(during).toEqual([{ status: 'busy' }, 'running', 'SYNC_BUSY'])
      expect(await other.run()).toMatchObject({ status: 'completed', changed: 0 })
    })

    test('a page whose items take longer to apply than the lease is kept, and no one takes over during it', async () => {
      const source = shop(many(3))
      const other = (await under.another()).define(source.definition())
      const sync = define(
        source.definition({
          leaseMs: 100,
          async apply(items, { signal }) {
            const leaseIsOver = performance.now() + 300
            do expect(await other.run()).toEqual({ status: 'busy' })
            while (performance.now() < leaseIsOver)
            signal.throwIfAborted()
            for (const item of items) source.stored.set(item.id, item)
          },
        }),
      )
      expect(await sync.run()).toMatchObject({ status: 'completed', changed: 3 })
      expect(source.stored.size).toBe(3)
    })

    test('restart forgets mark and pass; what is stored is not applied again', async () => {
      const source = shop(many(3, 7))
      const sync = define(source.definition({ strategy: 'incremental' }))
      await sync.run()
      await sync.restart()
      expect(await sync.state()).not.toHaveProperty('mark')
      source.asked.length = 0
      expect(await sync.run()).toMatchObject({ items: 3, changed: 0 })
      expect(source.asked).toEqual([{ page: '0' }])
    })

    test('bad definitions and items are refused with a sentence, and nothing of their page is kept', async () => {
      const source = shop([])
      const refused = (definition: SyncDefinition<Product>) => ({
        with: (words: string) => expect(() => define(definition)).toThrow(words),
      })
      refused(source.definition({ name: 'a name' })).with('is no name of a sync')
      const { version: _none, ...unversioned } = source.definition({ strategy: 'incremental' })
      refused(unversioned).with('has no version')
      refused(source.definition({ maxRemovedShare: 2 })).with('between 0 and 1')
      refused(source.definition({ leaseMs: 10 })).with('at least 100')
      const sync = define(source.definition())
      refused(source.definition()).with('defined twice')
      await expect(sync.receive([product('a'), product('')])).rejects.toMatchObject({ code: 'SYNC_OPTIONS' })
      await expect(sync.receive([product('a', Number.NaN)])).rejects.toThrow('not all finite numbers')
      await expect(sync.receiveRemoval('a\u0000')).rejects.toThrow('no valid id')
      await sync.receive([product('b', 5)])
      await expect(sync.receiveRemoval('b', '9')).rejects.toThrow('not all finite numbers')
      expect(source.stored.delete('b')).toBe(true)
      expect(source.stored.size).toBe(0)
      const endless = define({
        ...source.definition({ name: 'endless' }),
        pull: async () => ({ items: [product('a')], next: 'again' }),
      })
      await expect(endless.run()).rejects.toThrow('twice: it would never end')
    })

    test('closing interrupts its runs, and refuses further calls', async () => {
      const source = shop(many(9))
      const sync = define(source.definition())
      let closing: Promise<void> | undefined
      source.onPull = page => {
        if (page === 1) closing = under.syncs.close()
      }
      expect(await sync.run()).toMatchObject({ status: 'interrupted', pages: 1 })
      await closing
      await expect(sync.run()).rejects.toMatchObject({ code: 'SYNC_CLOSED' })
      await expect(sync.state()).rejects.toMatchObject({ code: 'SYNC_CLOSED' })
    })
  })
}
