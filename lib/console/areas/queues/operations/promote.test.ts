import { describe, expect, test, vi } from 'vitest'
import type { QueueMajor } from '../../../../infrastructure/queue/index.ts'
import {
  act,
  begin,
  console,
  environment,
  finished,
  jobs,
  length,
  operator,
  prefix,
  program,
  redis,
  refusalOf,
  where,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'

const delay = 600_000
const all = (more: object = {}) => ({
  environment: environment(),
  operation: 'queue.promote',
  input: { ...where(), which: { by: 'all', ...more } },
})

describe.each<QueueMajor>([4, 5, 6])('a queue of BullMQ %i', major => {
  test('all delayed jobs are promoted by an act whose preview says how many, and they complete', async () => {
    await begin(major)
    const ids = await program.ask<string[]>('add', { jobs: jobs(1_300, { delay }) })
    const preview = await console.runner.preview(operator, all())
    expect(preview).toMatchObject({
      action: 'Promote 1,300 delayed jobs',
      confirmation: 'preview',
      affected: { count: 1_300, precision: 'exact', noun: 'delayed jobs' },
    })
    expect(preview.affected.sample).toHaveLength(10)
    expect(preview.affected.sample[0]).toBe(`job-0 ${ids[0]}`)
    expect(preview.warnings).toEqual([expect.stringContaining('No worker is connected')])
    const run = await act('queue.promote', { which: { by: 'all' } })
    expect(run).toMatchObject({ status: 'succeeded', summary: `Promoted 1,300 jobs of ${prefix}:mail.` })
    expect(run.progress).toMatchObject({ done: 1_300, total: 1_300 })
    expect(await length('delayed')).toBe(0)
    await program.ask('work', { concurrency: 50 })
    await vi.waitFor(async () => expect(await program.ask<string[]>('done')).toHaveLength(1_300), 10_000)
    expect((await program.ask<string[]>('done')).toSorted()).toEqual(ids.toSorted())
  }, 60_000)
})

test('selected ones are promoted; one that is no longer delayed stays as it was', async () => {
  await begin(6)
  const [a = '', b = ''] = await program.ask<string[]>('add', { jobs: jobs(2, { delay }) })
  const chosen = (...ids: string[]) => ({ which: { by: 'ids', ids } })
  expect(await act('queue.promote', chosen(a))).toMatchObject({ status: 'succeeded' })
  expect(await act('queue.promote', chosen(a, b))).toMatchObject({
    status: 'partial',
    items: { byStatus: { done: 1, refused: 1 } },
  })
  await expect(act('queue.promote', chosen(a))).rejects.toThrow('That job is not delayed any more.')
  await expect(act('queue.promote', { which: { by: 'all' } })).rejects.toThrow(
    'There are no delayed jobs in this queue.',
  )
  await expect(act('queue.replay', chosen(a))).rejects.toThrow('That job is not a dead letter')
  await expect(act('queue.remove', { ...chosen('nobody'), reason: 'a test' }, actorOf('admin'))).rejects.toThrow(
    'That job is not in this queue any more.',
  )
  await program.ask('work')
  await vi.waitFor(async () => expect(await program.ask('done')).toEqual([a, b]), 10_000)
})

test('those of one name are promoted, the others stay; the preview names the next jobs of schedulers', async () => {
  await begin(6)
  await program.ask('add', { jobs: jobs(7, { delay }) })
  await program.ask('repeat', { every: 3_600_000 })
  await program.ask('work')
  await vi.waitFor(async () => expect(await length('delayed')).toBe(8))
  await program.ask('rest')
  const { warnings, affected } = await console.runner.preview(operator, all({ name: 'JOB-1' }))
  expect(affected).toMatchObject({ count: 3, precision: 'exact' })
  expect(warnings).toContainEqual(expect.stringContaining('1 scheduler'))
  expect(await act('queue.promote', { which: { by: 'all', name: 'JOB-1' } })).toMatchObject({
    status: 'succeeded',
    summary: `Promoted 3 jobs of ${prefix}:mail.`,
  })
  expect(await length('delayed')).toBe(5)
  await expect(act('queue.promote', { which: { by: 'all', name: 'JOB-1' } })).rejects.toThrow(
    'None of 5 delayed jobs matches.',
  )
})

test('a key that is no job stays and is named with its reason', async () => {
  await begin(6)
  await program.ask('add', { jobs: jobs(3, { delay }) })
  await redis.zadd(`${prefix}:mail:delayed`, 1, 'gone')
  expect(await act('queue.promote', { which: { by: 'all' } })).toMatchObject({
    status: 'partial',
    summary: `Promoted 3 jobs of ${prefix}:mail; 1 stays as it was, each with its reason.`,
    items: { byStatus: { done: 1, refused: 1 } },
  })
  expect(await redis.zrange(`${prefix}:mail:delayed`, 0, -1)).toEqual(['gone'])
})

test('an aborted promotion stops, says how far it came, and leaves the rest delayed', async () => {
  await begin(6)
  const count = 20_000
  for (let at = 0; at < count; at += 5_000) await program.ask('add', { jobs: jobs(5_000, { delay }) })
  const { token } = await console.runner.preview(operator, all())
  const run = await console.runner.run(operator, { ...all(), token })
  await vi.waitFor(async () => expect(await length('delayed')).toBeLessThan(count), { timeout: 10_000, interval: 1 })
  await console.runner.abort(operator, environment(), run.id)
  const over = await finished(run)
  const left = await length('delayed')
  expect(over.status).toBe('aborted')
  expect(over.summary).toContain(`Promoted ${(count - left).toLocaleString('en')} jobs`)
  expect(left).toBeGreaterThan(0)
  // Its progress beside the jobs expires soon.
  expect(await redis.ttl(`${prefix}:mail:substation:${run.id}:delayed`)).toBeLessThanOrEqual(86_400)
}, 60_000)

test('a set that has grown by more than a tenth since its preview is not promoted; a viewer may not promote', async () => {
  await begin(6)
  await program.ask('add', { jobs: jobs(10, { delay }) })
  const { token } = await console.runner.preview(operator, all())
  await program.ask('add', { jobs: jobs(2, { delay }) })
  expect(await refusalOf(console.runner.run(operator, { ...all(), token }))).toMatchObject({ code: 'set_grew' })
  expect(await refusalOf(console.runner.preview(actorOf('viewer'), all()))).toMatchObject({
    code: 'forbidden',
    needs: 'operator',
  })
  expect(await length('delayed')).toBe(12)
})

test('a queue whose key has 600 characters and a job whose id has 1,000 can be acted on', async () => {
  await begin(6)
  const queue = `${prefix}:`.padEnd(600, 'n')
  const id = 'i'.repeat(1_000)
  await redis.hset(`${queue}:meta`, { version: 'bullmq:6.0.0' })
  await redis.hset(`${queue}:${id}`, { name: 'work', data: '{}', opts: '{}', timestamp: '1' })
  await redis.zadd(`${queue}:delayed`, 1, id)
  expect(await act('queue.promote', { queue, which: { by: 'ids', ids: [id] } })).toMatchObject({ status: 'succeeded' })
  expect(await redis.lrange(`${queue}:wait`, 0, -1)).toEqual([id])
})
