import { expect, test } from 'vitest'
import { type SagaBuilder, saga } from './index.ts'
import { POLL, QUICK, refuse, type Setting, statesOf } from './setting.contract.ts'

/** What sagas guarantee of their steps. */
export function stepsContract(on: Setting): void {
  test('its steps run in order, each with the input and what those before it resolved with', async () => {
    const seen: unknown[] = []
    const definition = saga<{ to: string }>('typed')
      .step('flight', { run: ({ input }) => ({ seat: `${input.to} 4A` }) })
      .step('hotel', {
        run({ input, results, attempt, idempotencyKey, sagaId }) {
          seen.push(input, results.flight.seat, attempt, idempotencyKey === `${sagaId}:hotel`)
        },
      })
    const { id, started } = await on.under.sagas.define(definition).start({ to: 'Rome' })
    expect(started).toBe(true)
    on.under.sagas.work(POLL)
    expect(await on.under.sagas.settled(id)).toMatchObject({
      saga: 'typed',
      state: 'completed',
      held: false,
      endedAt: expect.any(Number),
      steps: [
        { name: 'flight', state: 'done', attempts: 1, compensates: false },
        { name: 'hotel', state: 'done', attempts: 1 },
      ],
    })
    expect(seen).toEqual([{ to: 'Rome' }, 'Rome 4A', 1, true])
  })

  test('a step that fails for good is taken back with those before it, the last first', async () => {
    const ended = await on.run(on.trip({ hotel: refuse }))
    expect(on.did).toEqual(['flight', 'hotel', 'undo hotel', 'undo flight'])
    expect(ended).toMatchObject({
      state: 'compensated',
      error: { step: 'hotel', message: 'no room left', during: 'step' },
    })
    expect(statesOf(ended)).toEqual(['compensated', 'compensated', 'pending'])
  })

  test('a compensation gets what its step resolved with, and nothing where that is not known', async () => {
    const got: unknown[] = []
    const definition: SagaBuilder<string, unknown> = saga<string>('results')
      .step('flight', { run: () => ({ seat: '4A' }), compensate: ({ result, input }) => got.push(result, input) })
      .step('hotel', { run: refuse, compensate: context => got.push('result' in context, context.idempotencyKey) })
    const { id } = await on.under.sagas.define(definition).start('Rome')
    on.under.sagas.work(POLL)
    await on.under.sagas.settled(id)
    expect(got).toEqual([false, `${id}:hotel:compensation`, { seat: '4A' }, 'Rome'])
  })

  test('an error that may pass is tried again, under the same key', async () => {
    const keys = new Set<string>()
    const attempts: number[] = []
    const definition = saga<null>('again').step('flight', {
      retry: QUICK,
      run({ attempt, idempotencyKey }) {
        keys.add(idempotencyKey)
        attempts.push(attempt)
        if (attempt < 3) throw new Error('busy')
      },
    })
    const { id } = await on.under.sagas.define(definition).start(null)
    on.under.sagas.work(POLL)
    expect(await on.under.sagas.settled(id)).toMatchObject({ state: 'completed', steps: [{ attempts: 3 }] })
    expect(attempts).toEqual([1, 2, 3])
    expect(keys.size).toBe(1)
  })

  test('a step that takes longer than it may counts as failed, and is taken back', async () => {
    const definition = saga<null>('slow').step('flight', {
      timeoutMs: 20,
      retry: { attempts: 1 },
      run: () => new Promise(() => {}),
      compensate: () => on.did.push('undo flight'),
    })
    const { id } = await on.under.sagas.define(definition).start(null)
    on.under.sagas.work(POLL)
    expect(await on.under.sagas.settled(id)).toMatchObject({
      state: 'compensated',
      error: { message: 'it did not end within 20 ms' },
    })
    expect(on.did).toEqual(['undo flight'])
  })
}
