import { expect, onTestFinished, test, vi } from 'vitest'
import { type QueueProgram, startQueueProgram } from '../../../../infrastructure/testing/bullmq-program.ts'
import {
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
  settings,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'

const admin = actorOf('admin')
const request = (operation: string, input: object) => ({ environment: environment(), operation, input })
const place = (name: string, ids: string[]) => ({ server: 'main', queue: `${prefix}:${name}`, ids })

async function act(operation: string, input: object, actor = operator) {
  const asked = request(operation, input)
  const { token, ...preview } = await console.runner.preview(actor, asked)
  return { preview, run: await finished(await console.runner.run(actor, { ...asked, token })) }
}

/** A second queue, of another major, beside `mail`. */
async function second(): Promise<QueueProgram> {
  const url = settings.environments[0]?.redis.find(({ name }) => name === 'main')?.url ?? ''
  const post = await startQueueProgram(4, { url, prefix, name: 'post' })
  onTestFinished(() => post.close())
  return post
}

test('delayed jobs of queues of two majors are promoted by one run; what moved on stays, with its reason', async () => {
  await begin(6)
  const post = await second()
  const [a = '', b = ''] = await program.ask<string[]>('add', { jobs: jobs(2, { delay: 600_000 }) })
  const [c = '', d = ''] = await post.ask<string[]>('add', { jobs: jobs(2, { delay: 600_000 }) })
  await post.ask('promote', { id: d })
  const { preview, run } = await act('queue.promote-found', { jobs: [place('mail', [a, b]), place('post', [c, d])] })
  expect(preview).toMatchObject({
    summary: '3 delayed jobs of 2 queues will run now.',
    action: 'Promote 3 delayed jobs',
    affected: { count: 3, precision: 'exact', sample: { length: 3 } },
  })
  expect(preview.warnings).toContain(`${prefix}:post: 1 job stays as it is: no longer delayed.`)
  expect(run).toMatchObject({ status: 'partial', target: { name: '2 queues' } })
  expect(run.summary).toContain(`Promoted 2 jobs of ${prefix}:mail.`)
  expect(run.summary).toContain(`Promoted 1 job of ${prefix}:post; 1 stays as it was`)
  expect([await length('delayed'), await redis.zcard(`${prefix}:post:delayed`)]).toEqual([0, 0])
  const twice = act('queue.promote-found', { jobs: [place('mail', [a]), place('mail', [b])] })
  expect(await refusalOf(twice)).toMatchObject({ fields: { jobs: 'must name each queue once' } })
  const late = act('queue.promote-found', { jobs: [place('mail', [a]), place('post', [c])] })
  expect(await refusalOf(late)).toMatchObject({ code: 'conflict', message: expect.stringContaining('not delayed') })
})

test('jobs of several queues are removed by an admin only, and a queue that is gone does not keep the others', async () => {
  await begin(5)
  const post = await second()
  const ids = await program.ask<string[]>('add', { jobs: jobs(2) })
  const others = await post.ask<string[]>('add', { jobs: jobs(1) })
  const input = { jobs: [place('mail', ids), place('none', ['1']), place('post', others)], reason: 'a test' }
  expect(await refusalOf(act('queue.remove-found', input))).toMatchObject({ code: 'forbidden' })
  const { run } = await act('queue.remove-found', input, admin)
  expect(run).toMatchObject({ status: 'partial', reason: 'a test' })
  for (const [name, list] of [
    ['mail', ids],
    ['post', others],
  ] as const)
    expect(await redis.exists(...list.map(id => `${prefix}:${name}:${id}`))).toBe(0)
})

test('dead letters of two queues are replayed by one run, and come back by its undo', async () => {
  await begin(6)
  const post = await second()
  const dead = [{ name: 'work', data: { fail: 'no' }, opts: {} }]
  const [a = ''] = await program.ask<string[]>('add', { jobs: dead })
  const [b = ''] = await post.ask<string[]>('add', { jobs: dead })
  const buried = async () => [await length('failed'), await redis.zcard(`${prefix}:post:failed`)]
  await Promise.all([program.ask('work'), post.ask('work')])
  await vi.waitFor(async () => expect(await buried()).toEqual([1, 1]), 10_000)
  await Promise.all([program.ask('rest'), post.ask('rest')])
  const { preview, run } = await act('dead-letters.replay', {
    which: { by: 'found', jobs: [place('mail', [a]), place('post', [b])] },
  })
  expect(preview).toMatchObject({ action: 'Replay 2 dead letters' })
  expect(run).toMatchObject({ status: 'succeeded', target: { name: 'jobs of 2 queues' } })
  expect(await buried()).toEqual([0, 0])
  await console.runner.undo(operator, environment(), run.id)
  await vi.waitFor(async () => expect(await buried()).toEqual([1, 1]), 10_000)
})
