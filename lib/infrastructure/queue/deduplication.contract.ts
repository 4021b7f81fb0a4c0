import { expect, test } from 'vitest'
import type { Setting } from './contract-setting.ts'

/** What every adapter guarantees for jobs of which one is enough. */
export function deduplicationContract({ queue, work, settled }: Setting): void {
  test('simple: others are held back until the first one has ended, and are told its id', async () => {
    const deduplication = { id: 'report', mode: 'simple' as const }
    const first = await queue().add('x', 1, { deduplication })
    expect(first).not.toHaveProperty('deduplicated')
    expect(await queue().add('x', 2, { deduplication })).toEqual({ id: first.id, deduplicated: true })
    const [bulk, other] = await queue().addBulk([
      { name: 'x', data: 3, options: { deduplication } },
      { name: 'x', data: 4, options: { deduplication: { ...deduplication, id: 'another' } } },
    ])
    expect(bulk).toEqual({ id: first.id, deduplicated: true })
    expect(other).not.toHaveProperty('deduplicated')
    const seen: unknown[] = []
    await work(job => {
      seen.push(job.data)
      if (job.data === 5) throw new Error('no luck')
    })
    await settled({ completed: 2 })
    await queue().add('x', 5, { deduplication })
    await settled({ failed: 1 })
    expect(await queue().add('x', 6, { deduplication })).not.toHaveProperty('deduplicated')
    await settled({ completed: 3 })
    expect(seen).toEqual([1, 4, 5, 6])
  })

  test('simple: one that was removed holds no other back', async () => {
    const deduplication = { id: 'report', mode: 'simple' as const }
    const { id } = await queue().add('x', 1, { deduplication })
    await queue().remove(id)
    expect(await queue().add('x', 2, { deduplication })).not.toHaveProperty('deduplicated')
    expect(await queue().counts()).toMatchObject({ waiting: 1 })
  })

  test('throttle: others are held back for a time, also after the first one has ended', async () => {
    const long = { id: 'report', mode: 'throttle' as const, ttlMs: 600_000 }
    const short = { id: 'mail', mode: 'throttle' as const, ttlMs: 50 }
    await work(() => undefined)
    const first = await queue().add('x', 1, { deduplication: long })
    await queue().add('x', 2, { deduplication: short })
    await settled({ completed: 2 })
    expect(await queue().add('x', 3, { deduplication: long })).toEqual({ id: first.id, deduplicated: true })
    await expect.poll(() => queue().add('x', 4, { deduplication: short })).not.toHaveProperty('deduplicated')
    await settled({ completed: 3 })
  })

  test('debounce: each one replaces that before it, and the last one runs after the time', async () => {
    const deduplication = { id: 'report', mode: 'debounce' as const, ttlMs: 300 }
    const ids: string[] = []
    for (const data of [1, 2, 3]) {
      const added = await queue().add('x', data, { deduplication })
      expect(added).not.toHaveProperty('deduplicated')
      ids.push(added.id)
    }
    const lastAt = Date.now()
    expect(await queue().counts()).toMatchObject({ delayed: 1, waiting: 0 })
    expect(await queue().find(ids[0] ?? '')).toBeUndefined()
    const seen: unknown[] = []
    let ranAt = 0
    await work(job => {
      ranAt = Date.now()
      seen.push(job.data)
    })
    await settled({ completed: 1 })
    expect(seen).toEqual([3])
    expect(ranAt - lastAt).toBeGreaterThanOrEqual(280)
  })
}
