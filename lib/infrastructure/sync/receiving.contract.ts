import { expect, test } from 'vitest'
import { many, type Product, product, shop } from './contract-source.ts'
import type { Sync, SyncDefinition } from './port.ts'

/** What every store guarantees for what webhooks bring. */
export function receivingContract(define: (definition: SyncDefinition<Product>) => Sync<Product>): void {
  test('a webhook is applied at once, and an older version never undoes a newer one', async () => {
    const source = shop([product('a', 3)])
    const sync = define(source.definition({ strategy: 'incremental' }))
    expect(await sync.receive([product('a', 4, 10), product('a', 5, 20), product('a', 2, 5)])).toBe(1)
    expect(source.stored.get('a')).toEqual(product('a', 5, 20))
    expect(await sync.receive([product('a', 5, 20)])).toBe(0)
    expect(await sync.run()).toMatchObject({ items: 1, changed: 0 })
    expect(source.stored.get('a')?.price).toBe(20)
  })

  test('what a webhook says is gone does not come back with an older version, but with a newer one', async () => {
    const source = shop([product('a', 3), product('b', 3)])
    const sync = define(source.definition({ strategy: 'incremental' }))
    await sync.run()
    expect(await sync.receiveRemoval('a', 2)).toBe(false)
    expect(await sync.receiveRemoval('a', 4)).toBe(true)
    expect([...source.stored.keys()]).toEqual(['b'])
    expect(await sync.receive([product('a', 4)])).toBe(0)
    await sync.run()
    expect([...source.stored.keys()]).toEqual(['b'])
    expect(await sync.receive([product('a', 6)])).toBe(1)
    expect(source.stored.has('a')).toBe(true)
    // Without a version it is simply gone, until anything brings it.
    expect(await sync.receiveRemoval('b')).toBe(true)
    expect(source.stored.has('b')).toBe(false)
    expect(await sync.receive([product('b', 3)])).toBe(1)
  })

  test('what a webhook brings during a full pass is not taken for gone at its end', async () => {
    const source = shop(many(6))
    const sync = define(source.definition())
    source.onPull = async page => {
      if (page === 1) await sync.receive([product('fresh', 9)])
    }
    expect(await sync.run()).toMatchObject({ status: 'completed', removed: 0 })
    expect(source.stored.has('fresh')).toBe(true)
    source.onPull = () => undefined
    expect(await sync.run()).toMatchObject({ removed: 1 })
    expect(source.stored.has('fresh')).toBe(false)
  })
}
