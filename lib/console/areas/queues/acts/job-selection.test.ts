import { describe, expect, test, vi } from 'vitest'
import {
  act,
  begin,
  bury,
  console,
  environment,
  jobs,
  length,
  look,
  operator,
  prefix,
  program,
  redis,
  refusalOf,
  where,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { queueView } from '../views/queue.ts'

// A preview promises what the run does, and an act takes what the list shows.

const preview = (operation: string, which: object, actor = operator) =>
  console.runner.preview(actor, {
    environment: environment(),
    operation,
    input: { ...where(), which, ...(operation === 'queue.remove' ? { reason: 'a test' } : {}) },
  })

describe('a preview names the jobs that stay, and its button counts only the rest', () => {
  const admin = actorOf('admin')

  test('removing: the next run of a scheduler, a child whose parent waits, a job that no longer exists', async () => {
    await begin(6)
    await program.ask('repeat', { pattern: '0 0 1 1 *' })
    const flow = await program.ask<{ child: string }>('flow')
    const [plain = ''] = await program.ask<string[]>('add', { jobs: jobs(1, { delay: 600_000 }) })
    await vi.waitFor(async () => expect(await length('delayed')).toBe(2))
    const next = (await redis.zrange(`${prefix}:mail:delayed`, 0, -1)).find(id => id.startsWith('repeat:')) ?? ''
    const alone = await refusalOf(preview('queue.remove', { by: 'ids', ids: [next] }, admin))
    expect(alone).toMatchObject({ code: 'conflict', message: expect.stringContaining('it is the next of a scheduler') })
    const ids = [next, flow.child, plain, 'gone']
    const promised = await preview('queue.remove', { by: 'ids', ids }, admin)
    expect(promised).toMatchObject({ action: 'Remove 1 job', affected: { count: 1, precision: 'exact' } })
    const warnings = promised.warnings.join('\n')
    expect(warnings).toContain('1 job stays as it is: it is the next of a scheduler, which would stop without it.')
    expect(warnings).toContain('waits for it')
    expect(warnings).toContain('1 job stays as it is: no longer in this queue.')
    const run = await act('queue.remove', { which: { by: 'ids', ids }, reason: 'a test' }, admin)
    expect(run).toMatchObject({ status: 'partial', items: { byStatus: { done: 1, refused: 3 } } })
  })

  test('replaying and removing all: keys that are no jobs, children that a parent waits for', async () => {
    await begin(6)
    await bury(3)
    await redis.zadd(`${prefix}:mail:failed`, 1, 'gone')
    await redis.set(`${prefix}:mail:text`, 'no hash')
    await redis.zadd(`${prefix}:mail:failed`, 2, 'text')
    await redis.hset(`${prefix}:mail:broken`, { name: 'job-0', data: '{}', opts: '{"delay":', failedReason: 'x' })
    await redis.zadd(`${prefix}:mail:failed`, 3, 'broken')
    const replay = await preview('queue.replay', { by: 'all' })
    expect(replay).toMatchObject({ action: 'Replay 3 dead letters', affected: { count: 3, precision: 'exact' } })
    expect(replay.warnings).toEqual(
      expect.arrayContaining([
        '1 job stays as it is: its data is missing.',
        '1 job stays as it is: its key contains something other than a job.',
        '1 job stays as it is: its options are not a JSON object.',
      ]),
    )
    const removal = await preview('queue.remove', { by: 'all' }, admin)
    expect(removal.action).toBe('Remove 5 dead letters')
    expect(await act('queue.replay', { which: { by: 'all' } })).toMatchObject({
      status: 'partial',
      items: { byStatus: { refused: 3 } },
      summary: expect.stringContaining('Replayed 3 jobs'),
    })
  })

  test('promoting: one whose options cannot be read', async () => {
    await begin(6)
    await program.ask('add', { jobs: jobs(2, { delay: 600_000 }) })
    await redis.hset(`${prefix}:mail:odd`, { name: 'job-0', data: '{}', opts: '[' })
    await redis.zadd(`${prefix}:mail:delayed`, 1, 'odd')
    const promised = await preview('queue.promote', { by: 'all' })
    expect(promised.action).toBe('Promote 2 delayed jobs')
    expect(promised.warnings).toContain('1 job stays as it is: its options are not a JSON object.')
    expect(await refusalOf(preview('queue.promote', { by: 'ids', ids: ['odd'] }))).toMatchObject({
      message: 'That job cannot be promoted: its options are not a JSON object.',
    })
  })
})

describe('list and act go by one filter', () => {
  test('its text is searched in name and error, and can be an id: the list shows what the act takes', async () => {
    await begin(6)
    const ids = await bury(4, 'smtp: Mailbox FULL')
    // The names of the jobs contain a 0 or a 1.
    const [, second = '', , last = ''] = ids
    await bury(3, 'no route')
    for (const [q, count] of [
      ['mailbox', 4],
      ['JOB-1', 3],
      [second, 1],
    ] as const) {
      const listed = await look('failed', { q })
      expect(listed.jobs.total).toBe(count)
      const promised = await preview('queue.replay', { by: 'all', q })
      expect(promised.affected).toMatchObject({ count, precision: 'exact' })
    }
    expect((await look('failed', { error: 'mailbox', name: 'job-0' })).jobs.total).toBe(2)
    expect((await preview('queue.replay', { by: 'all', error: 'mailbox', name: 'job-0' })).affected.count).toBe(2)
    expect(await act('queue.replay', { which: { by: 'all', q: last } })).toMatchObject({
      status: 'succeeded',
      summary: expect.stringContaining('Replayed 1 job'),
    })
    expect(await act('queue.replay', { which: { by: 'all', q: 'mailbox' } })).toMatchObject({ status: 'succeeded' })
    expect(await length('failed')).toBe(3)
  }, 30_000)

  test('what is hidden from a viewer cannot be found by a filter either', async () => {
    await begin(6)
    await bury(1, 'connect to postgres://app:hunter2@db failed')
    const found = async (role: 'viewer' | 'operator', q: string) => {
      const { data } = await console.view(queueView, environment(), actorOf(role), { ...where(), q })
      return data.jobs.status === 'up' ? data.jobs.data.total : undefined
    }
    expect([await found('operator', 'hunter2'), await found('viewer', 'hunter2')]).toEqual([1, 0])
    expect([await found('operator', 'postgres'), await found('viewer', 'connect to POSTGRES')]).toEqual([1, 1])
  })

  test('what a filter did not examine is reported, and examined on request; an id is found wherever it is', async () => {
    await begin(6)
    const fill = redis.pipeline()
    for (let at = 0; at < 5_000; at++) {
      fill.hset(`${prefix}:mail:n${at}`, {
        name: 'work',
        data: '{}',
        opts: '{}',
        failedReason: at === 10 ? 'rare' : 'usual',
      })
      fill.zadd(`${prefix}:mail:failed`, at + 1, `n${at}`)
    }
    await fill.exec()
    expect((await look('failed', { q: 'rare' })).jobs).toMatchObject({
      total: 0,
      examined: 2_000,
      inState: 5_000,
      complete: false,
    })
    expect((await look('failed', { q: 'rare', look: '5000' })).jobs).toMatchObject({
      total: 1,
      examined: 5_000,
      complete: true,
      jobs: [{ id: 'n10' }],
    })
    expect((await look('failed', { q: 'n3' })).jobs.jobs).toMatchObject([{ id: 'n3' }])
  })
})
