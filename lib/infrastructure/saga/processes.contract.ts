import { expect, test, vi } from 'vitest'
import { type SagaBuilder, saga } from './index.ts'
import type { SagaRun } from './port.ts'
import { POLL, refuse, type Setting, statesOf } from './setting.contract.ts'

/** What sagas guarantee over processes, deployments and time. */
export function processesContract(on: Setting): void {
  test('the same key starts one', async () => {
    const orders = on.under.sagas.define(on.trip())
    const first = await orders.start({ to: 'Rome' }, { key: 'order 7' })
    expect(await orders.start({ to: 'Rome' }, { key: 'order 7' })).toEqual({ id: first.id, started: false })
    expect(await orders.start({ to: 'Rome' }, { key: 'order 8' })).toMatchObject({ started: true })
    expect(await on.under.sagas.list()).toHaveLength(2)
  })

  test('another process carries on what this one has left at its end', async () => {
    const begun = Promise.withResolvers<void>()
    const definition = on.trip({
      hotel() {
        begun.resolve()
        return new Promise(() => {})
      },
    })
    const { id } = await on.under.sagas.define(definition).start({ to: 'Rome' })
    on.under.sagas.work(POLL)
    await begun.promise
    await on.under.sagas.close({ timeoutMs: 10 })
    const other = await on.under.another()
    other.define(on.trip())
    other.work(POLL)
    expect(await other.settled(id)).toMatchObject({
      state: 'completed',
      steps: [{ attempts: 1 }, { attempts: 2 }, {}],
    })
    expect(on.did).toEqual(['flight', 'hotel', 'hotel', 'car'])
    await other.close()
  })

  test('a process that is about to stop ends the step under way, and leaves the rest', async () => {
    const begun = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const { id } = await on.under.sagas
      .define(
        on.trip({
          flight() {
            begun.resolve()
            return go.promise
          },
        }),
      )
      .start({ to: 'Rome' })
    on.under.sagas.work(POLL)
    await begun.promise
    const closed = on.under.sagas.close()
    go.resolve()
    await closed
    const other = await on.under.another()
    expect(statesOf((await other.find(id)) as SagaRun)).toEqual(['done', 'pending', 'pending'])
    await other.close()
  })

  test('code that lost a step that had begun waits for code that has it', async () => {
    const ended = await on.run(on.trip({ hotel: refuse }, { onFailure: 'wait' }))
    await on.under.sagas.close()
    const other = await on.under.another()
    other.define(saga<{ to: string }>('trip').step('hotel', { run: () => on.did.push('wrong') }))
    other.work(POLL)
    await other.retry(ended.id)
    expect(await other.settled(ended.id)).toMatchObject({
      state: 'failed',
      error: { message: expect.stringContaining('no longer has the step flight') },
    })
    expect(on.did).not.toContain('wrong')
    await other.close()

    const right = await on.under.another()
    right.define(on.trip())
    right.work(POLL)
    await right.retry(ended.id)
    expect(await right.settled(ended.id)).toMatchObject({ state: 'completed' })
    await right.close()
  })

  test('more than are carried on at once wait for their turn, and need no input', async () => {
    let most = 0
    let active = 0
    const definition = saga<undefined>('many').step('one', {
      async run({ input }) {
        most = Math.max(most, ++active)
        on.did.push(String(input))
        await new Promise(resolve => setTimeout(resolve, 5))
        active--
      },
    })
    const many = on.under.sagas.define(definition)
    const started = await Promise.all(Array.from({ length: 6 }, () => many.start(undefined)))
    on.under.sagas.work({ pollMs: 10, concurrency: 2 })
    for (const { id } of started) expect(await on.under.sagas.settled(id)).toMatchObject({ state: 'completed' })
    expect(most).toBe(2)
    expect(on.did).toEqual(Array.from({ length: 6 }, () => 'null'))
  })

  test('what ended long ago is removed, and nothing else', async () => {
    const ended = await on.run(on.trip())
    const waiting = await on.under.sagas
      .define(saga<null>('waits', { onFailure: 'wait' }).step('one', { run: refuse }))
      .start(null)
    await on.under.sagas.settled(waiting.id)
    expect(await on.under.sagas.removeEnded(3_600_000)).toBe(0)
    expect(await on.under.sagas.removeEnded(-1_000)).toBe(1)
    expect(await on.under.sagas.find(ended.id)).toBeUndefined()
    expect(await on.under.sagas.find(waiting.id)).toMatchObject({ state: 'failed' })
  })

  test('its report counts them by state, and has those that wait for a person', async () => {
    const ended = await on.run(on.trip({ hotel: refuse }, { onFailure: 'wait' }))
    expect((await on.under.another()).reports()).toEqual([])
    const before = on.under.sagas.revision
    on.under.sagas.reports()
    // While it is being read.
    on.under.sagas.define(saga<null>('nobody').step('one', { run: () => undefined, pivot: true }))
    await vi.waitFor(() =>
      expect(on.under.sagas.reports()).toMatchObject([
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
    expect(on.under.sagas.revision).toBeGreaterThan(before)
  })

  test('they are listed in pages, the newest first, and what waits for a process is counted with its time', async () => {
    const orders = on.under.sagas.define(on.trip())
    const others = on.under.sagas.define(saga<null>('other').step('one', { run: () => undefined }))
    const ids: string[] = []
    for (let n = 0; n < 3; n++) ids.unshift((await orders.start({ to: 'Rome' })).id)
    await others.start(null)
    expect((await on.under.sagas.list({ saga: 'trip', limit: 2 })).map(({ id }) => id)).toEqual(ids.slice(0, 2))
    expect((await on.under.sagas.list({ saga: 'trip', before: ids[1] as string })).map(({ id }) => id)).toEqual(
      ids.slice(2),
    )
    on.under.sagas.reports()
    await vi.waitFor(() =>
      expect(on.under.sagas.reports()[0]?.counts).toMatchObject({ running: 3, waitingSince: expect.any(Number) }),
    )
    expect(on.under.sagas.reports()[0]?.works).toBe(false)
  })

  test('what is not valid is refused by its name', async () => {
    expect(() => saga('two words')).toThrow('is no name of a saga')
    expect(() => saga('x').step('', { run: refuse })).toThrow('is no name of a step')
    expect(() =>
      (saga('x').step('a', { run: refuse }) as SagaBuilder<unknown, unknown>).step('a', { run: refuse }),
    ).toThrow('two steps a')
    expect(() => saga('x').step('a', { run: refuse, retry: { attempts: 0 } })).toThrow('retry of a')
    expect(() => on.under.sagas.define(saga('empty'))).toThrow('has no steps')
    const circle: { me?: unknown } = {}
    circle.me = circle
    const orders = on.under.sagas.define(saga<unknown>('circle').step('a', { run: () => circle }))
    expect(() => on.under.sagas.define(saga('circle').step('a', { run: refuse }))).toThrow('defined twice')
    await expect(orders.start(circle)).rejects.toMatchObject({ code: 'SAGA_OPTIONS' })
    await expect(orders.start(() => 1)).rejects.toMatchObject({ code: 'SAGA_OPTIONS' })
    expect(on.under.sagas.reports()).toHaveLength(1)
    await expect(orders.start(null, { key: '' })).rejects.toMatchObject({ code: 'SAGA_OPTIONS' })
    expect(() => on.under.sagas.work({ concurrency: 0 })).toThrow('concurrency')
    await expect(on.under.sagas.retry('none')).rejects.toMatchObject({ code: 'SAGA_UNKNOWN' })
    await expect(on.under.sagas.settled('none')).rejects.toMatchObject({ code: 'SAGA_UNKNOWN' })
    on.under.sagas.work(POLL)
    const { id } = await orders.start(null)
    expect(await on.under.sagas.settled(id)).toMatchObject({
      error: { message: expect.stringContaining('is no JSON') },
    })
    await on.under.sagas.close()
    await expect(orders.start(null)).rejects.toMatchObject({ code: 'SAGA_CLOSED' })
  })
}
