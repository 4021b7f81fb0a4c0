import { expect, test, vi } from 'vitest'
import { saga } from './index.ts'
import { POLL, refuse, type Setting, statesOf } from './setting.contract.ts'

/** What sagas guarantee when people retry and compensate. */
export function actsContract(on: Setting): void {
  test('what fails after the pivot waits for a person, and goes on when it is retried', async () => {
    let isBroken = true
    const definition = saga<null>('pivot')
      .step('charge', { run: () => on.did.push('charge'), compensate: () => on.did.push('refund'), pivot: true })
      .step('ship', {
        run() {
          on.did.push('ship')
          if (isBroken) refuse()
        },
      })
    const { id } = await on.under.sagas.define(definition).start(null)
    on.under.sagas.work(POLL)
    expect(await on.under.sagas.settled(id)).toMatchObject({ state: 'failed', error: { step: 'ship' } })
    expect(on.did).toEqual(['charge', 'ship'])
    isBroken = false
    await on.under.sagas.retry(id, { by: 'mia', reason: 'the carrier is back' })
    expect(await on.under.sagas.settled(id)).toMatchObject({
      state: 'completed',
      acts: [{ act: 'retry', by: 'mia', reason: 'the carrier is back' }],
    })
    expect(on.did).toEqual(['charge', 'ship', 'ship'])
  })

  test('a person takes back what waits for one, also after the pivot', async () => {
    const definition = saga<null>('back')
      .step('charge', { run: () => on.did.push('charge'), compensate: () => on.did.push('refund'), pivot: true })
      .step('ship', { run: refuse })
    const { id } = await on.under.sagas.define(definition).start(null)
    on.under.sagas.work(POLL)
    await on.under.sagas.settled(id)
    await on.under.sagas.compensate(id, { by: 'mia' })
    expect(await on.under.sagas.settled(id)).toMatchObject({ state: 'compensated', acts: [{ act: 'compensate' }] })
    expect(on.did).toEqual(['charge', 'refund'])
  })

  test('with onFailure wait a step that fails waits for a person', async () => {
    const ended = await on.run(on.trip({ hotel: refuse }, { onFailure: 'wait' }))
    expect(ended.state).toBe('failed')
    expect(on.did).toEqual(['flight', 'hotel'])
    await expect(on.under.sagas.list({ state: 'failed' })).resolves.toMatchObject([{ id: ended.id }])
  })

  test('a compensation that keeps failing waits for a person; retried, it goes on where it stood', async () => {
    let isBroken = true
    const ended = await on.run(
      on.trip({
        car: refuse,
        'undo hotel'() {
          if (isBroken) throw new Error('the hotel does not answer')
        },
      }),
    )
    expect(ended).toMatchObject({ state: 'failed', error: { step: 'hotel', during: 'compensation' } })
    expect(statesOf(ended)).toEqual(['done', 'compensation-failed', 'compensated'])
    expect(on.did.filter(what => what === 'undo hotel')).toHaveLength(3)
    await expect(on.under.sagas.compensate(ended.id)).rejects.toMatchObject({ code: 'SAGA_STATE' })
    isBroken = false
    on.did.length = 0
    await on.under.sagas.retry(ended.id)
    expect(statesOf(await on.under.sagas.settled(ended.id))).toEqual(['compensated', 'compensated', 'compensated'])
    expect(on.did).toEqual(['undo hotel', 'undo flight'])
  })

  test('a person stops one that goes on: after the step under way, and before the next', async () => {
    const begun = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const definition = on.trip({
      hotel() {
        begun.resolve()
        return go.promise
      },
    })
    const { id } = await on.under.sagas.define(definition).start({ to: 'Rome' })
    on.under.sagas.work(POLL)
    await begun.promise
    await expect(on.under.sagas.retry(id)).rejects.toMatchObject({ code: 'SAGA_STATE' })
    await on.under.sagas.compensate(id, { by: 'mia', reason: 'wrong city' })
    expect(await on.under.sagas.find(id)).toMatchObject({ state: 'running', held: true, asked: { act: 'compensate' } })
    go.resolve()
    expect(await on.under.sagas.settled(id)).toMatchObject({ state: 'compensated' })
    expect(on.did).toEqual(['flight', 'hotel', 'undo hotel', 'undo flight'])
    await expect(on.under.sagas.compensate(id)).rejects.toMatchObject({ code: 'SAGA_STATE' })
    await expect(on.under.sagas.retry(id)).rejects.toMatchObject({ code: 'SAGA_STATE' })
  })

  test('the same is taken back when it was asked for during the last step', async () => {
    const begun = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const { id } = await on.under.sagas
      .define(
        on.trip({
          car() {
            begun.resolve()
            return go.promise
          },
        }),
      )
      .start({ to: 'Rome' })
    on.under.sagas.work(POLL)
    await begun.promise
    await on.under.sagas.compensate(id)
    go.resolve()
    expect(await on.under.sagas.settled(id)).toMatchObject({ state: 'compensated' })
    expect(on.did.slice(3)).toEqual(['undo car', 'undo hotel', 'undo flight'])
  })

  test('one that waits for its next attempt is retried at once, or taken back', async () => {
    for (const act of ['retry', 'compensate'] as const) {
      const definition = saga<null>(`waiting-${act}`).step('flight', {
        retry: { attempts: 2, initialDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
        run({ attempt }) {
          if (attempt === 1) throw new Error('busy')
        },
      })
      const { id } = await on.under.sagas.define(definition).start(null)
      if (act === 'retry') on.under.sagas.work(POLL)
      await vi.waitFor(async () => {
        const found = await on.under.sagas.find(id)
        expect(found).toMatchObject({ state: 'running', held: false, steps: [{ error: 'busy' }] })
        expect(found?.nextAt).toBeGreaterThan(Date.now() + 600_000)
      })
      await on.under.sagas[act](id)
      expect(await on.under.sagas.settled(id)).toMatchObject({ state: act === 'retry' ? 'completed' : 'compensated' })
    }
  })

  test('one that is being compensated is not compensated again, also by code that lost a step of it', async () => {
    const begun = Promise.withResolvers<void>()
    const { id } = await on.under.sagas
      .define(
        on.trip({
          hotel: refuse,
          'undo hotel'() {
            begun.resolve()
            return new Promise(() => {})
          },
        }),
      )
      .start({ to: 'Rome' })
    on.under.sagas.work(POLL)
    await begun.promise
    await expect(on.under.sagas.compensate(id)).rejects.toMatchObject({
      code: 'SAGA_STATE',
      message: 'It is being compensated already',
    })
    await on.under.sagas.close({ timeoutMs: 10 })
    const other = await on.under.another()
    other.define(saga<{ to: string }>('trip').step('hotel', { run: () => on.did.push('wrong') }))
    other.work(POLL)
    expect(await other.settled(id)).toMatchObject({ state: 'failed', error: { during: 'compensation' } })
    await other.close()
  })
}
