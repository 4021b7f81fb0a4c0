import { expect, vi } from 'vitest'
import type { shopTest } from './shop.contract.ts'

/** One runner at a time, no wait without end, and the holder of a lock is named. */
export function locksContract(test: ReturnType<typeof shopTest>): void {
  test('two runners at once: the second is refused with the owner, or waits its turn', async ({ shop, run }) => {
    await run()
    await shop.write('0004_slow', 'create table slow (id int); select pg_sleep(1.2)')
    const second = await shop.open()
    const first = run()
    await vi.waitFor(async () =>
      expect((await second.status()).lock).toMatchObject({
        pid: expect.any(Number),
        application: 'substation-migrations ada',
        since: expect.any(Number),
      }),
    )
    await expect(second.up({ by: 'bob' })).rejects.toMatchObject({
      code: 'MIGRATION_LOCKED',
      message: expect.stringMatching(/ada \(pid \d+, for \d+ s\)/),
      owner: { application: 'substation-migrations ada' },
    })
    expect(await second.up({ by: 'bob', waitMs: 20_000 })).toEqual([])
    expect(await first).toHaveLength(1)
  })

  test('waiting for the lock can be aborted: nothing was run', async ({ shop, run }) => {
    await run()
    await shop.write('0004_slow', 'create table slow (id int); select pg_sleep(1.5)')
    const second = await shop.open()
    const first = run()
    await vi.waitFor(async () => expect((await second.status()).lock).toBeDefined())
    const aborter = new AbortController()
    const waiting = second.up({ by: 'bob', waitMs: 20_000, signal: aborter.signal })
    await vi.waitFor(async () =>
      expect(
        await shop.sql`select from pg_stat_activity where application_name = 'substation-migrations bob' and query like '%advisory%'`,
      ).toHaveLength(1),
    )
    aborter.abort(new Error('by bob'))
    await expect(waiting).rejects.toMatchObject({
      code: 'MIGRATION_ABORTED',
      left: 'nothing',
      message: 'Aborted while waiting for the lock: by bob',
    })
    expect(await first).toHaveLength(1)
  })

  test('one that waits for the lock does not block CREATE INDEX CONCURRENTLY', async ({ shop, run }) => {
    await run({ to: '0002_price' })
    await shop.sql
      .begin(async old => {
        // A writer keeps the build from ending while the second runner tries to take the lock.
        await old`insert into product (id) values (99)`
        const first = run()
        const second = await shop.open()
        await vi.waitFor(async () => expect((await second.status()).lock).toBeDefined())
        const waiting = second.up({ by: 'bob', waitMs: 20_000 })
        await vi.waitFor(async () =>
          expect(
            await shop.sql`select from pg_stat_activity where application_name = 'substation-migrations bob' and query like '%advisory%'`,
          ).toHaveLength(1),
        )
        return { first, waiting }
      })
      .then(async ({ first, waiting }) => {
        expect(await first).toHaveLength(1)
        expect(await waiting).toEqual([])
      })
  })

  test('a lock that another session holds ends it after the lock timeout, and the session is named before that', async ({
    shop,
    run,
    states,
  }) => {
    await run({ to: '0001_product' })
    const impatient = await shop.open({ lockTimeoutMs: 2_600, lockAttempts: 1 })
    const notes: string[] = []
    const blocked = shop.sql.begin(async holder => {
      await holder`lock table product in access share mode`
      return impatient
        .up({ by: 'ada', onOutput: output => output.kind === 'note' && notes.push(output.message) })
        .catch(error => error)
    })
    expect(await blocked).toMatchObject({
      code: 'MIGRATION_FAILED',
      nextStep: expect.stringContaining('2.6 s'),
    })
    // Once, however often it is checked.
    expect(notes).toEqual([
      expect.stringMatching(/^Waiting for a lock held by .*pid \d+, idle in transaction, its transaction \d+ s old/),
    ])
    expect((await states())[1]).toBe('0002_price pending')
  })

  test('a lock that is not free soon is given up and tried again, and says so', async ({ shop, run, states }) => {
    await run({ to: '0001_product' })
    const patient = await shop.open({ lockTimeoutMs: 50, lockAttempts: 20, lockRetryMs: 1 })
    const notes: string[] = []
    let release = () => {}
    const holding = shop.sql.begin(async holder => {
      await holder`lock table product in access share mode`
      await new Promise<void>(resolve => {
        release = resolve
      })
    })
    const running = patient.up({
      by: 'ada',
      to: '0002_price',
      onOutput(output) {
        if (output.kind !== 'note') return
        notes.push(output.message)
        release()
      },
    })
    expect((await running).map(({ name }) => name)).toEqual(['0002_price'])
    await holding
    expect(notes[0]).toBe('A lock was not free within 0.05 s; rolled back, try 2 of 20 in 0.001 s')
    expect((await states())[1]).toBe('0002_price applied')
    await expect(
      shop.sql.begin(async holder => {
        await holder`lock table product in access share mode`
        const failed = (await shop.open({ lockTimeoutMs: 20, lockAttempts: 2, lockRetryMs: 1 }))
          .down({ by: 'ada', to: '0001_product' })
          .catch(error => error)
        expect(await failed).toMatchObject({
          code: 'MIGRATION_FAILED',
          nextStep: expect.stringContaining('0.02 s, 2 times'),
        })
        throw new Error('end')
      }),
    ).rejects.toThrow('end')
  })
}
