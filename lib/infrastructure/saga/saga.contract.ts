import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type SagaBuilder, type Sagas, StepRefusedError, saga } from './index.ts'
import type { SagaRun } from './port.ts'

export interface SagasUnderTest {
  sagas: Sagas
  /** Over the same store, as another process has them. */
  another(): Promise<Sagas>
  close(): Promise<void>
}

const QUICK = { attempts: 3, initialDelayMs: 1, maxDelayMs: 1 }
const POLL = { pollMs: 10 }

/** What sagas guarantee, whatever keeps them. */
export function sagaContract(name: string, setup: () => Promise<SagasUnderTest>): void {
  describe(`${name} keeps the contract of sagas`, () => {
    let under: SagasUnderTest
    let did: string[]
    beforeEach(async () => {
      under = await setup()
      did = []
    })
    afterEach(() => under.close())

    /** Three steps that note what they do; where `fails` names one, it throws. */
    function trip(fails: Partial<Record<string, () => unknown>> = {}, options: Parameters<typeof saga>[1] = {}) {
      const does = (what: string) => async () => {
        did.push(what)
        await fails[what]?.()
        return `${what} made`
      }
      const undoes = (what: string) => async () => {
        did.push(`undo ${what}`)
        await fails[`undo ${what}`]?.()
      }
      const step = (what: string) => ({
        run: does(what),
        compensate: undoes(what),
        retry: QUICK,
        compensationRetry: QUICK,
      })
      return saga<{ to: string }>('trip', options)
        .step('flight', step('flight'))
        .step('hotel', step('hotel'))
        .step('car', step('car'))
    }
    const statesOf = ({ steps }: SagaRun) => steps.map(({ state }) => state)
    async function run(definition: ReturnType<typeof trip>) {
      const started = await under.sagas.define(definition).start({ to: 'Rome' })
      under.sagas.work(POLL)
      return under.sagas.settled(started.id)
    }
    const refuse = () => {
      throw new StepRefusedError('no room left')
    }

    test('its steps run in order, each with the input and what those before it resolved with', async () => {
      const seen: unknown[] = []
      const definition = saga<{ to: string }>('typed')
        .step('flight', { run: ({ input }) => ({ seat: `${input.to} 4A` }) })
        .step('hotel', {
          run({ input, results, attempt, idempotencyKey, sagaId }) {
            seen.push(input, results.flight.seat, attempt, idempotencyKey === `${sagaId}:hotel`)
          },
        })
      const { id, started } = await under.sagas.define(definition).start({ to: 'Rome' })
      expect(started).toBe(true)
      under.sagas.work(POLL)
      expect(await under.sagas.settled(id)).toMatchObject({
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
      const ended = await run(trip({ hotel: refuse }))
      expect(did).toEqual(['flight', 'hotel', 'undo hotel', 'undo flight'])
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
      const { id } = await under.sagas.define(definition).start('Rome')
      under.sagas.work(POLL)
      await under.sagas.settled(id)
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
      const { id } = await under.sagas.define(definition).start(null)
      under.sagas.work(POLL)
      expect(await under.sagas.settled(id)).toMatchObject({ state: 'completed', steps: [{ attempts: 3 }] })
      expect(attempts).toEqual([1, 2, 3])
      expect(keys.size).toBe(1)
    })

    test('what fails after the pivot waits for a person, and goes on when it is retried', async () => {
      let isBroken = true
      const definition = saga<null>('pivot')
        .step('charge', { run: () => did.push('charge'), compensate: () => did.push('refund'), pivot: true })
        .step('ship', {
          run() {
            did.push('ship')
            if (isBroken) refuse()
          },
        })
      const { id } = await under.sagas.define(definition).start(null)
      under.sagas.work(POLL)
      expect(await under.sagas.settled(id)).toMatchObject({ state: 'failed', error: { step: 'ship' } })
      expect(did).toEqual(['charge', 'ship'])
      isBroken = false
      await under.sagas.retry(id, { by: 'mia', reason: 'the carrier is back' })
      expect(await under.sagas.settled(id)).toMatchObject({
        state: 'completed',
        acts: [{ act: 'retry', by: 'mia', reason: 'the carrier is back' }],
      })
      expect(did).toEqual(['charge', 'ship', 'ship'])
    })

    test('a person takes back what waits for one, also after the pivot', async () => {
      const definition = saga<null>('back')
        .step('charge', { run: () => did.push('charge'), compensate: () => did.push('refund'), pivot: true })
        .step('ship', { run: refuse })
      const { id } = await under.sagas.define(definition).start(null)
      under.sagas.work(POLL)
      await under.sagas.settled(id)
      await under.sagas.compensate(id, { by: 'mia' })
      expect(await under.sagas.settled(id)).toMatchObject({ state: 'compensated', acts: [{ act: 'compensate' }] })
      expect(did).toEqual(['charge', 'refund'])
    })

    test('with onFailure wait a step that fails waits for a person', async () => {
      const ended = await run(trip({ hotel: refuse }, { onFailure: 'wait' }))
      expect(ended.state).toBe('failed')
      expect(did).toEqual(['flight', 'hotel'])
      await expect(under.sagas.list({ state: 'failed' })).resolves.toMatchObject([{ id: ended.id }])
    })

    test('a compensation that keeps failing waits for a person; retried, it goes on where it stood', async () => {
      let isBroken = true
      const ended = await run(
        trip({
          car: refuse,
          'undo hotel'() {
            if (isBroken) throw new Error('the hotel does not answer')
          },
        }),
      )
      expect(ended).toMatchObject({ state: 'failed', error: { step: 'hotel', during: 'compensation' } })
      expect(statesOf(ended)).toEqual(['done', 'compensation-failed', 'compensated'])
      expect(did.filter(what => what === 'undo hotel')).toHaveLength(3)
      await expect(under.sagas.compensate(ended.id)).rejects.toMatchObject({ code: 'SAGA_STATE' })
      isBroken = false
      did.length = 0
      await under.sagas.retry(ended.id)
      expect(statesOf(await under.sagas.settled(ended.id))).toEqual(['compensated', 'compensated', 'compensated'])
      expect(did).toEqual(['undo hotel', 'undo flight'])
    })

    test('a person stops one that goes on: after the step under way, and before the next', async () => {
      const begun = Promise.withResolvers<void>()
      const go = Promise.withResolvers<void>()
      const definition = trip({
        hotel() {
          begun.resolve()
          return go.promise
        },
      })
      const { id } = await under.sagas.define(definition).start({ to: 'Rome' })
      under.sagas.work(POLL)
      await begun.promise
      await expect(under.sagas.retry(id)).rejects.toMatchObject({ code: 'SAGA_STATE' })
      await under.sagas.compensate(id, { by: 'mia', reason: 'wrong city' })
      expect(await under.sagas.find(id)).toMatchObject({ state: 'running', held: true, asked: { act: 'compensate' } })
      go.resolve()
      expect(await under.sagas.settled(id)).toMatchObject({ state: 'compensated' })
      expect(did).toEqual(['flight', 'hotel', 'undo hotel', 'undo flight'])
      await expect(under.sagas.compensate(id)).rejects.toMatchObject({ code: 'SAGA_STATE' })
      await expect(under.sagas.retry(id)).rejects.toMatchObject({ code: 'SAGA_STATE' })
    })

    test('the same is taken back when it was asked for during the last step', async () => {
      const begun = Promise.withResolvers<void>()
      const go = Promise.withResolvers<void>()
      const { id } = await under.sagas
        .define(
          trip({
            car() {
              begun.resolve()
              return go.promise
            },
          }),
        )
        .start({ to: 'Rome' })
      under.sagas.work(POLL)
      await begun.promise
      await under.sagas.compensate(id)
      go.resolve()
      expect(await under.sagas.settled(id)).toMatchObject({ state: 'compensated' })
      expect(did.slice(3)).toEqual(['undo car', 'undo hotel', 'undo flight'])
    })

    test('one that waits for its next attempt is retried at once, or taken back', async () => {
      for (const act of ['retry', 'compensate'] as const) {
        const definition = saga<null>(`waiting-${act}`).step('flight', {
          retry: { attempts: 2, initialDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
          run({ attempt }) {
            if (attempt === 1) throw new Error('busy')
          },
        })
        const { id } = await under.sagas.define(definition).start(null)
        if (act === 'retry') under.sagas.work(POLL)
        await vi.waitFor(async () => {
          const found = await under.sagas.find(id)
          expect(found).toMatchObject({ state: 'running', held: false, steps: [{ error: 'busy' }] })
          expect(found?.nextAt).toBeGreaterThan(Date.now() + 600_000)
        })
        await under.sagas[act](id)
        expect(await under.sagas.settled(id)).toMatchObject({ state: act === 'retry' ? 'completed' : 'compensated' })
      }
    })

    test('a step that takes longer than it may counts as failed, and is taken back', async () => {
      const definition = saga<null>('slow').step('flight', {
        timeoutMs: 20,
        retry: { attempts: 1 },
        run: () => new Promise(() => {}),
        compensate: () => did.push('undo flight'),
      })
      const { id } = await under.sagas.define(definition).start(null)
      under.sagas.work(POLL)
      expect(await under.sagas.settled(id)).toMatchObject({
        state: 'compensated',
        error: { message: 'it did not end within 20 ms' },
      })
      expect(did).toEqual(['undo flight'])
    })

    test('the same key starts one', async () => {
      const orders = under.sagas.define(trip())
      const first = await orders.start({ to: 'Rome' }, { key: 'order 7' })
      expect(await orders.start({ to: 'Rome' }, { key: 'order 7' })).toEqual({ id: first.id, started: false })
      expect(await orders.start({ to: 'Rome' }, { key: 'order 8' })).toMatchObject({ started: true })
      expect(await under.sagas.list()).toHaveLength(2)
    })

    test('another process carries on what this one has left at its end', async () => {
      const begun = Promise.withResolvers<void>()
      const definition = trip({
        hotel() {
          begun.resolve()
          return new Promise(() => {})
        },
      })
      const { id } = await under.sagas.define(definition).start({ to: 'Rome' })
      under.sagas.work(POLL)
      await begun.promise
      await under.sagas.close({ timeoutMs: 10 })
      const other = await under.another()
      other.define(trip())
      other.work(POLL)
      expect(await other.settled(id)).toMatchObject({
        state: 'completed',
        steps: [{ attempts: 1 }, { attempts: 2 }, {}],
      })
      expect(did).toEqual(['flight', 'hotel', 'hotel', 'car'])
      await other.close()
    })

    test('a process that is about to stop ends the step under way, and leaves the rest', async () => {
      const begun = Promise.withResolvers<void>()
      const go = Promise.withResolvers<void>()
      const { id } = await under.sagas
        .define(
          trip({
            flight() {
              begun.resolve()
              return go.promise
            },
          }),
        )
        .start({ to: 'Rome' })
      under.sagas.work(POLL)
      await begun.promise
      const closed = under.sagas.close()
      go.resolve()
      await closed
      const other = await under.another()
      expect(statesOf((await other.find(id)) as SagaRun)).toEqual(['done', 'pending', 'pending'])
      await other.close()
    })

    test('code that lost a step that had begun waits for code that has it', async () => {
      const ended = await run(trip({ hotel: refuse }, { onFailure: 'wait' }))
      await under.sagas.close()
      const other = await under.another()
      other.define(saga<{ to: string }>('trip').step('hotel', { run: () => did.push('wrong') }))
      other.work(POLL)
      await other.retry(ended.id)
      expect(await other.settled(ended.id)).toMatchObject({
        state: 'failed',
        error: { message: expect.stringContaining('no longer has the step flight') },
      })
      expect(did).not.toContain('wrong')
      await other.close()

      const right = await under.another()
      right.define(trip())
      right.work(POLL)
      await right.retry(ended.id)
      expect(await right.settled(ended.id)).toMatchObject({ state: 'completed' })
      await right.close()
    })

    test('one that is being compensated is not compensated again, also by code that lost a step of it', async () => {
      const begun = Promise.withResolvers<void>()
      const { id } = await under.sagas
        .define(
          trip({
            hotel: refuse,
            'undo hotel'() {
              begun.resolve()
              return new Promise(() => {})
            },
          }),
        )
        .start({ to: 'Rome' })
      under.sagas.work(POLL)
      await begun.promise
      await expect(under.sagas.compensate(id)).rejects.toMatchObject({
        code: 'SAGA_STATE',
        message: 'It is being compensated already',
      })
      await under.sagas.close({ timeoutMs: 10 })
      const other = await under.another()
      other.define(saga<{ to: string }>('trip').step('hotel', { run: () => did.push('wrong') }))
      other.work(POLL)
      expect(await other.settled(id)).toMatchObject({ state: 'failed', error: { during: 'compensation' } })
      await other.close()
    })

    test('more than are carried on at once wait for their turn, and need no input', async () => {
      let most = 0
      let active = 0
      const definition = saga<undefined>('many').step('one', {
        async run({ input }) {
          most = Math.max(most, ++active)
          did.push(String(input))
          await new Promise(resolve => setTimeout(resolve, 5))
          active--
        },
      })
      const many = under.sagas.define(definition)
      const started = await Promise.all(Array.from({ length: 6 }, () => many.start(undefined)))
      under.sagas.work({ pollMs: 10, concurrency: 2 })
      for (const { id } of started) expect(await under.sagas.settled(id)).toMatchObject({ state: 'completed' })
      expect(most).toBe(2)
      expect(did).toEqual(Array.from({ length: 6 }, () => 'null'))
    })

    test('what ended long ago is removed, and nothing else', async () => {
      const ended = await run(trip())
      const waiting = await under.sagas
        .define(saga<null>('waits', { onFailure: 'wait' }).step('one', { run: refuse }))
        .start(null)
      await under.sagas.settled(waiting.id)
      expect(await under.sagas.removeEnded(3_600_000)).toBe(0)
      expect(await under.sagas.removeEnded(-1_000)).toBe(1)
      expect(await under.sagas.find(ended.id)).toBeUndefined()
      expect(await under.sagas.find(waiting.id)).toMatchObject({ state: 'failed' })
    })

    test('its report counts them by state, and has those that wait for a person', async () => {
      const ended = await run(trip({ hotel: refuse }, { onFailure: 'wait' }))
      expect((await under.another()).reports()).toEqual([])
      const before = under.sagas.revision
      under.sagas.reports()
      // While it is being read.
      under.sagas.define(saga<null>('nobody').step('one', { run: () => undefined, pivot: true }))
      await vi.waitFor(() =>
        expect(under.sagas.reports()).toMatchObject([
          {
            name: 'trip',
            works: true,
            counts: { running: 0, failed: 1, completed: 0 },
            steps: [{ name: 'flight', compensates: true }, {}, {}],
            failed: [{ id: ended.id, error: { step: 'hotel' } }],
          },
          { name: 'nobody', failed: [], steps: [{ pivot: true }] },
        ]),
      )
      expect(under.sagas.revision).toBeGreaterThan(before)
    })

    test('they are listed in pages, the newest first, and what waits for a process is counted with its time', async () => {
      const orders = under.sagas.define(trip())
      const others = under.sagas.define(saga<null>('other').step('one', { run: () => undefined }))
      const ids: string[] = []
      for (let n = 0; n < 3; n++) ids.unshift((await orders.start({ to: 'Rome' })).id)
      await others.start(null)
      expect((await under.sagas.list({ saga: 'trip', limit: 2 })).map(({ id }) => id)).toEqual(ids.slice(0, 2))
      expect((await under.sagas.list({ saga: 'trip', before: ids[1] as string })).map(({ id }) => id)).toEqual(
        ids.slice(2),
      )
      under.sagas.reports()
      await vi.waitFor(() =>
        expect(under.sagas.reports()[0]?.counts).toMatchObject({ running: 3, waitingSince: expect.any(Number) }),
      )
      expect(under.sagas.reports()[0]?.works).toBe(false)
    })

    test('what is not valid is refused by its name', async () => {
      expect(() => saga('two words')).toThrow('is no name of a saga')
      expect(() => saga('x').step('', { run: refuse })).toThrow('is no name of a step')
      expect(() =>
        (saga('x').step('a', { run: refuse }) as SagaBuilder<unknown, unknown>).step('a', { run: refuse }),
      ).toThrow('two steps a')
      expect(() => saga('x').step('a', { run: refuse, retry: { attempts: 0 } })).toThrow('retry of a')
      expect(() => under.sagas.define(saga('empty'))).toThrow('has no steps')
      const circle: { me?: unknown } = {}
      circle.me = circle
      const orders = under.sagas.define(saga<unknown>('circle').step('a', { run: () => circle }))
      expect(() => under.sagas.define(saga('circle').step('a', { run: refuse }))).toThrow('defined twice')
      await expect(orders.start(circle)).rejects.toMatchObject({ code: 'SAGA_OPTIONS' })
      await expect(orders.start(() => 1)).rejects.toMatchObject({ code: 'SAGA_OPTIONS' })
      expect(under.sagas.reports()).toHaveLength(1)
      await expect(orders.start(null, { key: '' })).rejects.toMatchObject({ code: 'SAGA_OPTIONS' })
      expect(() => under.sagas.work({ concurrency: 0 })).toThrow('concurrency')
      await expect(under.sagas.retry('none')).rejects.toMatchObject({ code: 'SAGA_UNKNOWN' })
      await expect(under.sagas.settled('none')).rejects.toMatchObject({ code: 'SAGA_UNKNOWN' })
      under.sagas.work(POLL)
      const { id } = await orders.start(null)
      expect(await under.sagas.settled(id)).toMatchObject({ error: { message: expect.stringContaining('is no JSON') } })
      await under.sagas.close()
      await expect(orders.start(null)).rejects.toMatchObject({ code: 'SAGA_CLOSED' })
    })
  })
}
