import { expect, test } from 'vitest'
import type { KvUnderTest } from './kv.contract.ts'

/** The part of the contract about lists. */
export function listsContract(under: () => KvUnderTest): void {
  test('a list takes items at both ends, and gives ranges as indexes from both ends', async () => {
    const { store: kv } = under()
    expect(await kv.push('l', [1, { two: 2 }])).toBe(2)
    expect(await kv.push('l', ['a', 'b'], { end: 'head' })).toBe(4)
    expect(await kv.range('l')).toEqual(['b', 'a', 1, { two: 2 }])
    expect(await kv.range('l', 1, 2)).toEqual(['a', 1])
    expect(await kv.range('l', -2)).toEqual([1, { two: 2 }])
    expect(await kv.range('l', -100, -3)).toEqual(['b', 'a'])
    for (const [from, to] of [
      [2, 1],
      [9, 20],
      [0, -9],
    ] as const)
      expect(await kv.range('l', from, to)).toEqual([])
    expect(await kv.range('l', 1, Number.MAX_SAFE_INTEGER)).toHaveLength(3)
    expect(await kv.range('nothing')).toEqual([])
    await expect(kv.push('l', [])).rejects.toMatchObject({ code: 'KV_OPTIONS' })
    await expect(kv.range('l', 0.5)).rejects.toMatchObject({ code: 'KV_OPTIONS' })
  })

  test('pop takes each item once, from either end; a list without items is no key', async () => {
    const { store: kv } = under()
    await kv.push('l', ['\u0000', null, 3, 4])
    expect([await kv.pop('l'), await kv.pop('l', 'tail'), await kv.pop('l')]).toEqual(['\u0000', 4, null])
    expect(await kv.pop('l')).toBe(3)
    expect(await kv.pop('l')).toBeUndefined()
    expect(await kv.keys()).toEqual({ keys: [] })
    expect(await kv.delete('l')).toBe(false)
    await kv.push(
      'l',
      Array.from({ length: 30 }, (_, n) => n),
    )
    const popped = await Promise.all(Array.from({ length: 35 }, (_, n) => kv.pop<number>('l', n % 2 ? 'tail' : 'head')))
    const items = popped.filter(item => item !== undefined)
    expect(items.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n))
  })

  test('maxLength and trim drop items at the other end', async () => {
    const { store: kv } = under()
    expect(await kv.push('l', [1, 2, 3], { maxLength: 2 })).toBe(2)
    expect(await kv.push('l', [4], { maxLength: 2 })).toBe(2)
    expect(await kv.range('l')).toEqual([3, 4])
    expect(await kv.push('l', [5, 6, 7], { maxLength: 4, end: 'head' })).toBe(4)
    expect(await kv.range('l')).toEqual([7, 6, 5, 3])
    expect(await kv.trim('l', 10)).toBe(4)
    expect(await kv.trim('l', 3)).toBe(3)
    expect(await kv.trim('l', 2, 'head')).toBe(2)
    expect(await kv.range('l')).toEqual([6, 5])
    expect(await kv.trim('l', 0)).toBe(0)
    expect(await kv.trim('l', 0)).toBe(0)
    expect(await kv.keys()).toEqual({ keys: [] })
    await expect(kv.trim('l', -1)).rejects.toMatchObject({ code: 'KV_OPTIONS' })
  })

  test('many push at the same time, and none is lost', async () => {
    const { store: kv } = under()
    await Promise.all(Array.from({ length: 30 }, (_, n) => kv.push('l', [n])))
    expect((await kv.range<number>('l')).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n))
  })

  test('a list has at most 10,000 items', async () => {
    const { store: kv } = under()
    const many = Array.from({ length: 10_000 }, (_, n) => n)
    expect(await kv.push('l', many)).toBe(10_000)
    await expect(kv.push('l', [1])).rejects.toMatchObject({ code: 'KV_TOO_LARGE' })
    await expect(kv.push('other', [...many, 1])).rejects.toMatchObject({ code: 'KV_TOO_LARGE' })
    expect(await kv.range('l', 9_999)).toEqual([9_999])
    expect(await kv.push('l', [1, 2], { maxLength: 10_000 })).toBe(10_000)
    expect(await kv.range('l', -3)).toEqual([9_999, 1, 2])
    expect(await kv.keys()).toEqual({ keys: ['l'] })
  })

  test('a list expires as a whole, keeps its time when pushed without one, and starts from empty after it', async () => {
    const { store: kv, pass } = under()
    await kv.push('l', [1], { ttlMs: 1_000 })
    await kv.push('l', [2])
    await kv.push('kept', [1], { ttlMs: 1_000 })
    await kv.push('kept', [2], { ttlMs: 60_000 })
    await pass(1_001)
    expect(await kv.range('l')).toEqual([])
    expect(await kv.pop('l')).toBeUndefined()
    expect(await kv.trim('l', 1)).toBe(0)
    expect(await kv.range('kept')).toEqual([1, 2])
    expect(await kv.push('l', [3])).toBe(1)
    expect(await kv.keys()).toEqual({ keys: ['kept', 'l'] })
  })

  test('what is meant for a list is refused on a value, and the reverse; set and delete take both', async () => {
    const { store: kv } = under()
    await kv.set('v', 1)
    await kv.push('l', [1])
    for (const call of [
      () => kv.push('v', [1]),
      () => kv.range('v'),
      () => kv.pop('v'),
      () => kv.trim('v', 1),
      () => kv.get('l'),
      () => kv.increment('l'),
      () => kv.compareAndSet('l', 1, 2),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'KV_KIND' })
    expect([await kv.get('v'), await kv.range('l')]).toEqual([1, [1]])
    await kv.set('l', 2)
    expect(await kv.get('l')).toBe(2)
    await kv.delete('v')
    expect(await kv.push('v', [1])).toBe(1)
    expect(await kv.delete('v')).toBe(true)
    expect(await kv.range('v')).toEqual([])
  })
}
