import { Queue as BullQueue, Worker as BullWorker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { createIdempotency } from '../../idempotency/index.ts'
import { redisUrl } from '../../testing/servers.ts'
import { createQueues, type Job, type Queue, type Queues } from '../index.ts'
import { CANCELS } from './bullmq-scripts.ts'

let prefix: string
let redis: Redis
let opened: Queues[]
let queue: Queue
/** With connections of its own, as another process has. */
const openQueues: typeof createQueues = async (config, dependencies) => {
  const queues = await createQueues({ redisUrl: redisUrl(), prefix, ...config }, dependencies)
  opened.push(queues)
  return queues
}
const settled = (expected: object) =>
  vi.waitFor(async () => expect(await queue.counts()).toMatchObject(expected), 15_000)

beforeEach(async () => {
  prefix = `t-${newId()}`
  redis = new Redis(redisUrl(), { maxRetriesPerRequest: null })
  opened = []
  queue = await (await openQueues()).queue('jobs')
})
afterEach(async () => {
  await Promise.all(opened.map(queues => queues.close({ timeoutMs: 100 })))
  redis.disconnect()
})

test('a job under way is cancelled from another process, and no other job with it', async () => {
  const [here, there] = [await openQueues(), await openQueues()]
  const ended: unknown[] = []
  for (const queues of [here, there])
    await queues.work('jobs', ({ id, signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))).finally(() =>
        ended.push(id),
      ),
    )
  const [one, other] = await queue.addBulk([1, 2].map(data => ({ name: 'x', data })))
  await settled({ active: 2 })
  await queue.cancel(one?.id ?? '')
  await settled({ active: 1, failed: 1 })
  await queue.cancel(other?.id ?? '')
  await settled({ active: 0, failed: 2 })
  expect(ended).toEqual([one?.id, other?.id])
  await vi.waitFor(async () => expect(await redis.exists(`${prefix}:jobs:${CANCELS}`)).toBe(0))
})

test('a job is a dead letter once as many processes have crashed in it as may', async () => {
  const queues = await openQueues()
  const connection = redis.duplicate()
  const taker = new BullWorker('jobs', undefined, { connection, prefix, autorun: false })
  const crashed: string[] = []
  for (const name of ['spared', 'given-up']) {
    const { id } = await queue.add(name, 1)
    await taker.getNextJob('a process that crashed')
    // As BullMQ leaves it behind when two have crashed before, and the lock of the third is over.
    await redis.hset(`${prefix}:jobs:${id}`, 'stc', 2)
    await redis.del(`${prefix}:jobs:${id}:lock`)
    crashed.push(id)
    if (name === 'spared') {
      const patient = await queues.work('jobs', () => 'done', { lockMs: 200, crashes: 4 })
      await settled({ completed: 1, active: 0 })
      await patient.close()
    }
  }
  await queues.work('jobs', () => 'done', { lockMs: 200, crashes: 3 })
  await settled({ completed: 1, failed: 1, active: 0 })
  expect((await queue.deadLetters()).jobs).toMatchObject([{ id: crashed[1] }])
  await taker.close()
  connection.disconnect()
})

test('a request that comes while a job ends does not end it when it is replayed', async () => {
  const cancels = `${prefix}:jobs:${CANCELS}`
  const queues = await openQueues()
  await queues.work('jobs', async ({ id }) => {
    await redis.hset(cancels, id, 1, 'another', 1)
    throw new Error('no luck')
  })
  await queue.add('x', 1)
  await settled({ failed: 1 })
  await vi.waitFor(async () => expect(await redis.hkeys(cancels)).toEqual(['another']))
})

test('a request that outlives its job is over when the job is replayed', async () => {
  const cancels = `${prefix}:jobs:${CANCELS}`
  const queues = await openQueues()
  const worker = await queues.work('jobs', () => Promise.reject(new Error('no luck')))
  const { id } = await queue.add('x', 1)
  await settled({ failed: 1, active: 0 })
  await worker.close()
  await redis.hset(cancels, id, 1, 'another', 1)
  await queue.replay(id)
  expect(await redis.hkeys(cancels)).toEqual(['another'])
})

test('the context of a trace is where telemetry of BullMQ puts it, and is read from there', async () => {
  const queues = await openQueues({}, { traceContext: () => '00-aa-bb-01' })
  const bull = new BullQueue('traced', { connection: redis, prefix })
  const { id } = await (await queues.queue('traced')).add('x', 'ours')
  expect((await bull.getJob(id))?.opts.telemetry).toEqual({ metadata: '{"traceparent":"00-aa-bb-01"}' })
  await bull.add('x', 'theirs', { telemetry: { metadata: '{"traceparent":"00-cc-dd-01","tracestate":"v=1"}' } })
  await bull.add('x', 'odd', { telemetry: { metadata: 'not JSON' } })
  const seen: Job[] = []
  await queues.work('traced', job => void seen.push(job))
  await vi.waitFor(() => expect(seen).toHaveLength(3), 10_000)
  expect(seen.map(({ data, traceparent, tracestate }) => [data, traceparent, tracestate])).toEqual([
    ['ours', '00-aa-bb-01', undefined],
    ['theirs', '00-cc-dd-01', 'v=1'],
    ['odd', undefined, undefined],
  ])
  await bull.close()
})

test('a job that BullMQ gives up because its workers crashed is also added to the dead-letter queue', async () => {
  const queues = await openQueues()
  const { id } = await queue.add('x', { a: 1 }, { attempts: 3 })
  await redis.hset(`${prefix}:jobs:${id}`, 'defa', 'job stalled more than allowable limit')
  const handler = vi.fn()
  await queues.work('jobs', handler, { deadLetterQueue: 'jobs-dead' })
  const seen: Job[] = []
  await queues.work('jobs-dead', job => void seen.push(job))
  await vi.waitFor(() => expect(seen).toHaveLength(1), 10_000)
  expect(seen[0]?.data).toMatchObject({
    queue: 'jobs',
    id,
    data: { a: 1 },
    error: 'job stalled more than allowable limit',
  })
  expect(handler).not.toHaveBeenCalled()
})

test('a job whose copy cannot be added is a dead letter all the same, and the worker says why', async () => {
  const queues = await openQueues()
  await redis.set(`${prefix}:jobs-dead:meta`, 'of another kind')
  const worker = await queues.work('jobs', () => Promise.reject('no luck'), { deadLetterQueue: 'jobs-dead' })
  await queue.add('x', 1)
  const lastError = { message: expect.stringContaining('WRONGTYPE') }
  await vi.waitFor(() => expect(worker.report()).toMatchObject({ deadLettered: 1, lastError }), 10_000)
  expect(await queue.counts()).toMatchObject({ failed: 1 })
})

test('a job that is delivered to a second worker, because the first one lost its lock, runs once', async () => {
  const idempotency = await createIdempotency({}, { redis })
  const [here, there] = [await openQueues({}, { idempotency }), await openQueues({}, { idempotency })]
  const end = Promise.withResolvers<void>()
  const began: string[] = []
  const delivered = vi.fn(({ id }: Job) => id)
  const work = (queues: Queues, name: string) =>
    queues.work(
      'jobs',
      async () => {
        began.push(name)
        await end.promise
        return `done by ${name}`
      },
      { lockMs: 400, idempotencyKey: delivered },
    )
  await work(here, 'here')
  const { id } = await queue.add('pay', 1)
  await settled({ active: 1 })
  await work(there, 'there')
  await redis.set(`${prefix}:jobs:${id}:lock`, 'of nobody', 'PX', 1)
  await vi.waitFor(() => expect(delivered).toHaveBeenCalledTimes(2), 15_000)
  end.resolve()
  await settled({ completed: 1 })
  expect(began).toEqual(['here'])
  expect(await queue.find(id)).toMatchObject({ result: 'done by here' })
  await idempotency.close()
}, 30_000)
