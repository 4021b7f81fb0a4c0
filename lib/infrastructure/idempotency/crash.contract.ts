import { expect, test } from 'vitest'
import { fingerprintOf } from './fingerprint.ts'
import type { IdempotencyUnderTest } from './idempotency.contract.ts'

/** The part of the contract about processes that crash in the middle. */
export function crashContract(under: () => IdempotencyUnderTest): void {
  test('a crash leaves an unknown outcome, until someone resolves it', async () => {
    const { runs, other, crash, pass } = under()
    await crash('alive', { leaseMs: 60_000, onCrash: 'fail' })
    await expect(runs.run('alive', { waitMs: 0 }, () => 1)).rejects.toMatchObject({ code: 'IN_FLIGHT' })
    await crash('a', { leaseMs: 100, onCrash: 'fail' })
    await pass(101)
    for (const onCrash of ['fail', 'retry'] as const)
      await expect(runs.run('a', { onCrash }, () => 1)).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        retryable: false,
      })
    expect(await other.lookup('a')).toEqual({ state: 'unknown', fence: expect.any(Number) })
    expect(await other.resolve('a', { id: 7 })).toBe(true)
    expect(await runs.run('a', {}, () => 1)).toEqual({ id: 7 })
    expect(await runs.resolve('a', 8)).toBe(false)
  })

  test('a resolved outcome is kept for its time', async () => {
    const { runs, crash, pass } = under()
    await crash('a', { leaseMs: 100, onCrash: 'fail' })
    await pass(101)
    expect(await runs.resolve('a', 7, { ttlMs: 100 })).toBe(true)
    await pass(101)
    expect(await runs.run('a', {}, () => 'again')).toBe('again')
  })

  test('or forgets it: then the work runs again, with a greater fence', async () => {
    const { runs, other, crash, pass } = under()
    await crash('a', { leaseMs: 100, onCrash: 'fail' })
    await pass(101)
    const fence = (await other.lookup('a'))?.fence as number
    expect(await other.forget('a')).toBe(true)
    expect(await other.lookup('a')).toBeUndefined()
    expect(await runs.run('a', {}, context => context.fence)).toBeGreaterThan(fence)
  })

  test('retry: the next caller takes over, if it would be retried too; the fence grows', async () => {
    const { runs, crash, pass } = under()
    await crash('a', { leaseMs: 100, onCrash: 'retry' })
    const fence = (await runs.lookup('a'))?.fence as number
    await pass(101)
    await expect(runs.run('a', { onCrash: 'fail' }, () => 1)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await runs.run('a', { onCrash: 'retry' }, context => context.fence)).toBeGreaterThan(fence)
  })

  test('a resolved outcome may be nothing', async () => {
    const { runs, crash, pass } = under()
    await crash('a', { leaseMs: 100, onCrash: 'fail' })
    await pass(101)
    expect(await runs.resolve('a', undefined)).toBe(true)
    expect(await runs.run('a', {}, () => 1)).toBeUndefined()
    await expect(runs.resolve('a', 1n)).rejects.toMatchObject({ code: 'VALUE' })
  })

  test('after a crash, too, another body is a conflict', async () => {
    const { runs, crash, pass } = under()
    await crash('a', { leaseMs: 100, onCrash: 'retry', fingerprint: fingerprintOf({ cents: 1 }) as string })
    await pass(101)
    await expect(runs.run('a', { body: { cents: 2 }, onCrash: 'retry' }, () => 1)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await runs.run('a', { body: { cents: 1 }, onCrash: 'retry' }, () => 1)).toBe(1)
  })
}
