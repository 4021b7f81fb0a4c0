import { expect, test, vi } from 'vitest'
import { createHedge } from './index.ts'

/** Calls that the test settles, in the order in which they were started. */
function calls() {
  const started: { signal: AbortSignal; resolve(value: string): void; reject(error: Error): void }[] = []
  const call = ({ signal }: { signal: AbortSignal }) =>
    new Promise<string>((resolve, reject) => {
      started.push({ signal, resolve, reject })
    })
  const at = async (index: number) => {
    await vi.waitFor(() => expect(started.length).toBeGreaterThan(index), { interval: 1 })
    return started[index] as (typeof started)[number]
  }
  return { call, at, started }
}

test('a call that is slow is started again, the first answer counts, and the other is aborted', async () => {
  const hedge = createHedge({ afterMs: 5 })
  const { call, at } = calls()
  const run = hedge.execute(call)
  const second = await at(1)
  second.resolve('from the second')
  await expect(run).resolves.toBe('from the second')
  expect((await at(0)).signal.aborted).toBe(true)
  expect(hedge.report()).toEqual({ afterMs: 5, most: 1, hedged: 1, won: 1 })
})

test('a call that answers in time is made once', async () => {
  const hedge = createHedge({ afterMs: 60_000 })
  await expect(hedge.execute(() => 'at once')).resolves.toBe('at once')
  expect(hedge.report()).toMatchObject({ hedged: 0, won: 0 })
})

test('a failure starts nothing; only when all have failed does it reject, with the error of the first', async () => {
  const hedge = createHedge({ afterMs: 5, most: 2 })
  const { call, at, started } = calls()
  const run = hedge.execute(call)
  ;(await at(2)).reject(new Error('third'))
  ;(await at(1)).reject(new Error('second'))
  ;(await at(0)).reject(new Error('first'))
  await expect(run).rejects.toThrow('first')
  expect(started).toHaveLength(3)
  await expect(createHedge({ afterMs: 60_000 }).execute(() => Promise.reject(new Error('only')))).rejects.toThrow(
    'only',
  )
})

test('the first may fail and the second answer', async () => {
  const { call, at } = calls()
  const run = createHedge({ afterMs: 5 }).execute(call)
  const second = await at(1)
  ;(await at(0)).reject(new Error('first'))
  second.resolve('answered')
  await expect(run).resolves.toBe('answered')
})

test('an abort by the caller aborts all of them, and what they do later changes nothing', async () => {
  const hedge = createHedge({ afterMs: 5 })
  const { call, at } = calls()
  const caller = new AbortController()
  const run = hedge.execute(call, { signal: caller.signal })
  const second = await at(1)
  caller.abort(new Error('not wanted any more'))
  await expect(run).rejects.toThrow('not wanted any more')
  expect([(await at(0)).signal.aborted, second.signal.aborted]).toEqual([true, true])
  second.resolve('late')
  ;(await at(0)).reject(new Error('late'))
  await expect(hedge.execute(call, { signal: caller.signal })).rejects.toThrow('not wanted any more')
  expect(hedge.report()).toMatchObject({ hedged: 1, won: 0 })
})
