import { expect, test } from 'vitest'
import {
  act,
  begin,
  console,
  environment,
  operator,
  prefix,
  program,
  redis,
  refusalOf,
  where,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { deduplicationView } from '../views/deduplication.ts'

const admin = actorOf('admin')
const reason = 'swallows every order'
const OPERATION = 'queue.release-deduplication'
const preview = (which: object, actor = admin) =>
  console.runner.preview(actor, {
    environment: environment(),
    operation: OPERATION,
    input: { ...where(), which, reason },
  })
const key = (id: string) => `${prefix}:mail:de:${id}`
const add = async (id: string) => {
  const [job = ''] = await program.ask<string[]>('add', {
    jobs: [{ name: 'work', data: {}, opts: { deduplication: { id } } }],
  })
  return job
}
const shown = async () => {
  const { data } = await console.view(deduplicationView, environment(), operator, where())
  if (data.deduplication.status === 'down') throw new Error(data.deduplication.reason)
  return data.deduplication.status === 'up' ? data.deduplication.data : undefined
}

test('all keys that are left over are released by an admin, and no other; the next job with such an id is added', async () => {
  await begin(5)
  const alive = await add('alive')
  await redis.set(key('old-1'), 'gone-1')
  await redis.set(key('old-2'), 'gone-2')
  await redis.set(key('throttle'), 'gone-3', 'PX', 600_000)
  expect(await add('old-1')).toBe('gone-1')
  // What it held back is in the events still, but there is no such key to list.
  expect(await add('expired')).toBe(await add('expired'))
  await redis.del(key('expired'))
  const data = await shown()
  expect(
    data?.keys
      .filter(({ leftOver }) => leftOver)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['old-1', 'old-2'])
  expect(data?.heldBack.byKey).toEqual({ 'old-1': 1 })

  const previewed = await preview({ by: 'left-over' })
  expect(previewed).toMatchObject({
    action: 'Release 2 deduplication keys',
    affected: { count: 2, precision: 'exact' },
  })
  expect(await refusalOf(preview({ by: 'left-over' }, operator))).toMatchObject({ code: 'forbidden' })
  expect(await act(OPERATION, { which: { by: 'left-over' }, reason }, admin)).toMatchObject({
    status: 'succeeded',
    summary: `Released 2 deduplication keys of ${prefix}:mail.`,
  })
  expect(await redis.exists(key('old-1'), key('old-2'))).toBe(0)
  expect(await redis.get(key('alive'))).toBe(alive)
  expect(await redis.get(key('throttle'))).toBe('gone-3')
  expect(await add('old-1')).not.toBe('gone-1')
  await expect(preview({ by: 'left-over' })).rejects.toThrow('No deduplication key of this queue is left over')
})

test('a chosen key is released with a warning while its job waits; one that another job holds by then stays', async () => {
  await begin(6)
  const job = await add('order-1')
  await redis.set(key('order-2'), 'newer')
  const which = {
    by: 'ids',
    keys: [
      { id: 'order-1', job },
      { id: 'order-2', job: 'older' },
    ],
  }
  expect((await preview(which)).warnings).toEqual([
    `Job ${job} of order-1 is waiting: a second one can be added beside it.`,
    '1 key stays: gone, or held by another job.',
  ])
  expect(await act(OPERATION, { which, reason }, admin)).toMatchObject({ status: 'partial' })
  expect(await redis.exists(key('order-1'))).toBe(0)
  expect(await redis.get(key('order-2'))).toBe('newer')
  expect(await add('order-1')).not.toBe(job)
  const stale = { by: 'ids', keys: [{ id: 'order-2', job: 'older' }] }
  await expect(preview(stale)).rejects.toThrow('None of those jobs holds its deduplication key any more')
})
