import { expect, test, vi } from 'vitest'
import { InfrastructureError } from '../../core/errors.ts'
import { memorySyncStore } from './adapters/memory.ts'
import { createSyncs, type SyncDefinition } from './index.ts'
import type { SyncStore } from './store.ts'
import { syncsOver } from './sync.ts'

interface Item {
  id: string
  at: string
}

const definition = (more: Partial<SyncDefinition<Item>> = {}): SyncDefinition<Item> => ({
  name: 'items',
  strategy: 'full',
  pull: async () => ({ items: [] }),
  apply: async () => undefined,
  id: ({ id }) => id,
  version: ({ at }) => at,
  ...more,
})
const numbered = (count: number): Item[] => Array.from({ length: count }, (_, n) => ({ id: `i${n}`, at: 'a' }))

test.each([
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true],
  [
    'one behind a failed fetch',
    new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) }),
    true,
  ],
  ['a rate limit', Object.assign(new Error('slow down'), { statusCode: 429 }), true],
  ['an error that asks to wait', Object.assign(new Error('wait'), { retryAfterMs: 1 }), true],
  ['an error of a capability that passes', new InfrastructureError('open', { retryable: true }), true],
  ['one that does not', new InfrastructureError('wrong key'), false],
  ['a bad request', Object.assign(new Error('bad'), { status: 400 }), false],
  ['a bug', new TypeError('x is undefined'), false],
  ['nothing at all', undefined, false],
])('a pull that failed with %s', async (_what, error, isTriedAgain) => {
  const pull = vi.fn(async () => ({ items: [] })).mockRejectedValueOnce(error)
  const sync = (await createSyncs()).define(definition({ pull, retry: { initialDelayMs: 1, maxDelayMs: 1 } }))
  if (isTriedAgain) expect(await sync.run()).toMatchObject({ status: 'completed' })
  else
    expect(
      await sync.run().then(
        () => 'completed',
        thrown => ({ thrown }),
      ),
    ).toEqual({ thrown: error })
  expect(pull).toHaveBeenCalledTimes(isTriedAgain ? 2 : 1)
})

test('one that cannot renew its lease ends at once, also in the middle of a pull', async () => {
  for (const renew of [async () => false, () => Promise.reject(new Error('away'))]) {
    const sync = syncsOver({ ...memorySyncStore(), renew }).define(
      definition({ leaseMs: 100, pull: () => new Promise(() => {}) }),
    )
    await expect(sync.run()).rejects.toMatchObject({ code: 'SYNC_LOST' })
  }
})

test('when even the failure cannot be noted, the error is that of the source', async () => {
  const real = memorySyncStore()
  let isAway = false
  const store: SyncStore = {
    ...real,
    unit: (...given) => (isAway ? Promise.reject(new Error('the store is away')) : real.unit(...given)),
    release: () => Promise.reject(new Error('the store is away')),
  }
  const sync = syncsOver(store).define(
    definition({
      async pull() {
        isAway = true
        throw new Error('the source is away')
      },
    }),
  )
  await expect(sync.run()).rejects.toThrow('the source is away')
  isAway = false
  // Its holder did not release it.
  expect(await sync.state()).toMatchObject({ status: 'running', pass: { pages: 0 } })
})

test('many are removed piece by piece; an interrupted removal continues', async () => {
  let items = numbered(2_500)
  const removed: string[] = []
  const stop = new AbortController()
  const sync = (await createSyncs()).define(
    definition({
      pull: async () => ({ items }),
      async remove(ids) {
        expect(ids.length).toBeLessThanOrEqual(500)
        removed.push(...ids)
        stop.abort()
      },
    }),
  )
  await sync.run()
  items = numbered(1_300)
  expect(await sync.run({ signal: stop.signal })).toMatchObject({ status: 'interrupted', removed: 500 })
  // What is left is no longer measured against the whole.
  expect(await sync.run()).toMatchObject({ status: 'completed', removed: 1_200 })
  expect(new Set(removed).size).toBe(1_200)
  expect(await sync.run()).toMatchObject({ items: 1_300, changed: 0, removed: 0 })
})

test('a sync without remove keeps what is gone; without versions one of a removal counts for nothing', async () => {
  const apply = vi.fn(async () => undefined)
  let items = numbered(2)
  const syncs = await createSyncs()
  const kept = syncs.define(definition({ pull: async () => ({ items }), apply }))
  await kept.run()
  items = numbered(1)
  expect(await kept.run()).toMatchObject({ removed: 0 })
  items = numbered(2)
  expect(await kept.run()).toMatchObject({ changed: 0 })

  const { version: _none, ...plain } = definition({ name: 'plain', apply })
  const unversioned = syncs.define(plain)
  await unversioned.receive(numbered(1))
  expect(await unversioned.receiveRemoval('i0', 'z')).toBe(true)
  expect(await unversioned.receive(numbered(1))).toBe(1)
  await expect(kept.receive([{ id: 'i0', at: '' }])).rejects.toThrow('not all texts: one is empty')
  await expect(kept.receiveRemoval('i0', '')).rejects.toThrow('empty')
  expect(await kept.receiveRemoval('i0', 'b')).toBe(true)
  expect(await kept.receive([{ id: 'i0', at: 'a' }])).toBe(0)
  await Promise.all([syncs.close(), syncs.close()])
})

test('a killed run is interrupted, not failed; what was deferred says until when', async () => {
  const store = memorySyncStore()
  const sync = syncsOver(store).define(definition())
  await store.take('items', 1_000)
  const pass = { id: 'x', startedAt: 1, pages: 2, items: 20, changed: 3, removed: 0 }
  await store.unit('items', undefined, unit => unit.save(JSON.stringify({ pass, outcome: 'completed' })))
  expect(await sync.state()).toMatchObject({ status: 'running' })
  await store.release('items', { fence: 1, leaseMs: 0 })
  expect(await sync.state()).toMatchObject({ status: 'interrupted', pass: { pages: 2 } })
  await store.unit('items', undefined, unit => unit.save('{"outcome":"deferred","retryAt":5}'))
  expect(await sync.state()).toEqual({ status: 'deferred', retryAt: 5 })
  expect(await sync.run()).toMatchObject({ status: 'completed' })
  expect(await sync.state()).not.toHaveProperty('retryAt')
})
