import { expect, test, vi } from 'vitest'
import type { IdempotencyUnderTest } from './idempotency.contract.ts'

/** The part of the contract about calls in flight. */
export function waitingContract(under: () => IdempotencyUnderTest): void {
  /** A run that waits for `answer`. */
  async function begin(answer: Promise<unknown>, options = {}) {
    const { runs } = under()
    const work = vi.fn(({ signal: _ }: { signal: AbortSignal }) => answer)
    const first = runs.run('a', options, work)
    first.catch(() => {})
    await vi.waitFor(() => expect(work).toHaveBeenCalled())
    return { first, signal: () => work.mock.calls[0]?.[0].signal as AbortSignal }
  }

  test('fifty calls at the same time, here and elsewhere, share one run', async () => {
    const { runs, other } = under()
    const work = vi.fn(async () => ({ paid: true }))
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 ? runs : other).run('a', {}, work)))
    expect(all).toEqual(Array.from({ length: 50 }, () => ({ paid: true })))
    expect(work).toHaveBeenCalledTimes(1)
  })

  test('results are not shared objects', async () => {
    const { runs } = under()
    const [one, two] = await Promise.all([runs.run('a', {}, () => ({ n: 1 })), runs.run('a', {}, () => ({ n: 1 }))])
    expect(one).toEqual(two)
    expect(one).not.toBe(two)
  })

  test('who waits longer than waitMs is told to try again, and the run goes on', async () => {
    const { runs, other } = under()
    const answer = Promise.withResolvers<number>()
    const { first, signal } = await begin(answer.promise)
    for (const one of [runs, other])
      for (const waitMs of [0, 60])
        await expect(one.run('a', { waitMs }, () => 2)).rejects.toMatchObject({ code: 'IN_FLIGHT', retryable: true })
    expect(signal().aborted).toBe(false)
    answer.resolve(1)
    expect(await first).toBe(1)
    expect(await other.run('a', { waitMs: 0 }, () => 2)).toBe(1)
  })

  test('a caller that gives up leaves at once; the work goes on while another waits for it', async () => {
    const { runs } = under()
    const answer = Promise.withResolvers<number>()
    const giveUp = new AbortController()
    const { first, signal } = await begin(answer.promise, { signal: giveUp.signal })
    const second = runs.run('a', {}, () => 2)
    // It waits for the same run once a third one that cannot wait was refused.
    await expect(runs.run('a', { waitMs: 0 }, () => 3)).rejects.toMatchObject({ code: 'IN_FLIGHT' })
    giveUp.abort(new Error('the request ended'))
    await expect(first).rejects.toThrow('the request ended')
    expect(signal().aborted).toBe(false)
    answer.resolve(1)
    expect(await second).toBe(1)
  })

  test("when nobody waits any longer the work's signal aborts; whoever comes then does not get its error", async () => {
    const { runs } = under()
    const giveUp = new AbortController()
    const stopped = Promise.withResolvers<never>()
    const { first, signal } = await begin(stopped.promise, { signal: giveUp.signal })
    giveUp.abort(new Error('the request ended'))
    await expect(first).rejects.toThrow('the request ended')
    expect(signal().reason).toEqual(new Error('the request ended'))
    const next = runs.run('a', {}, () => 'again')
    await expect(runs.run('a', { waitMs: 0 }, () => 3)).rejects.toMatchObject({ code: 'IN_FLIGHT' })
    stopped.reject(new Error('stopped'))
    expect(await next).toBe('again')
  })

  test('a caller that waits for another process gives up with its signal', async () => {
    const { other } = under()
    const answer = Promise.withResolvers<number>()
    const { first } = await begin(answer.promise)
    const giveUp = new AbortController()
    const waiting = other.run('a', { signal: giveUp.signal, waitMs: 60_000 }, () => 2)
    giveUp.abort(new Error('the request ended'))
    await expect(waiting).rejects.toThrow('the request ended')
    await expect(other.run('a', { signal: AbortSignal.abort(new Error('before')) }, () => 2)).rejects.toThrow('before')
    answer.resolve(1)
    expect(await first).toBe(1)
  })

  test('callers in the same process share the error of a run in flight', async () => {
    const { runs } = under()
    const answer = Promise.withResolvers<number>()
    const { first } = await begin(answer.promise)
    const second = runs.run('a', {}, () => 2)
    await expect(runs.run('a', { waitMs: 0 }, () => 3)).rejects.toMatchObject({ code: 'IN_FLIGHT' })
    const error = new Error('failed')
    answer.reject(error)
    await expect(first).rejects.toBe(error)
    await expect(second).rejects.toBe(error)
  })

  test('a run that takes longer than its lease stays in flight: the lease is renewed', async () => {
    const { other } = under()
    const answer = Promise.withResolvers<number>()
    const { first } = await begin(answer.promise, { leaseMs: 2_000, onCrash: 'retry' })
    await expect(other.run('a', { waitMs: 4_500, onCrash: 'retry' }, () => 2)).rejects.toMatchObject({
      code: 'IN_FLIGHT',
    })
    expect(await other.lookup('a')).toMatchObject({ state: 'in-flight' })
    answer.resolve(1)
    expect(await first).toBe(1)
  })
}
