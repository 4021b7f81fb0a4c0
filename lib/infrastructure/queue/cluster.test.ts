import { type Job, Queue, Worker } from 'bullmq'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisKeyspace } from '../cache/index.ts'
import { startRedisCluster } from '../testing/servers.ts'
import { openQueueServer } from './index.ts'

let cluster: Awaited<ReturnType<typeof startRedisCluster>>
let client: Cluster
/** A connection to each node, as the console has one to each configured server. */
let nodes: Redis[]

beforeAll(async () => {
  cluster = await startRedisCluster()
  client = new Cluster(cluster.urls, { redisOptions: { maxRetriesPerRequest: null } })
  nodes = cluster.urls.map(url => new Redis(url))
})
afterAll(async () => {
  client.disconnect()
  for (const node of nodes) node.disconnect()
  await cluster.close()
})

/** Prefixes whose hash tags are in different slots of the first node. */
async function tagsOfFirst(count: number): Promise<string[]> {
  const slots = new Map<number, string>()
  for (let at = 0; slots.size < count; at++) {
    const tag = `t${at}`
    const slot = Number(await client.cluster('KEYSLOT', tag))
    if (slot < 8_192) slots.set(slot, `{${tag}}`)
  }
  return [...slots.values()]
}

test('queues of a Redis Cluster are found on their node, read in slots of their own, and acted on', async () => {
  const [one = '', two = ''] = await tagsOfFirst(2)
  const made = [
    { prefix: one, name: 'mail' },
    { prefix: one, name: 'report' },
    { prefix: two, name: 'mail' },
  ]
  const queues = made.map(({ prefix, name }) => new Queue(name, { connection: client, prefix }))
  let broken = true
  const done: string[] = []
  const work = async (job: Job) => {
    if (broken) throw new Error('mailbox full')
    done.push(String(job.id))
  }
  const workers = made.map(({ prefix, name }) => new Worker(name, work, { connection: client, prefix }))
  try {
    await Promise.all(queues.map(queue => queue.addBulk(Array.from({ length: 5 }, () => ({ name: 'job', data: {} })))))

    const [first, second] = nodes.map(node => openQueueServer(node))
    const prefixes = [one, two]
    const { queues: found } = (await first?.find({ prefixes })) ?? { queues: [] }
    expect(found).toHaveLength(3)
    expect(found).toEqual(expect.arrayContaining(made))
    expect((await second?.find({ prefixes }))?.queues).toEqual([])

    const failed = async () => (await first?.readings(made))?.map(reading => reading?.counts.failed)
    await vi.waitFor(async () => expect(await failed()).toEqual([5, 5, 5]), 10_000)
    expect((await first?.readings(made))?.map(reading => [reading?.prefix, reading?.name])).toEqual(
      made.map(({ prefix, name }) => [prefix, name]),
    )

    broken = false
    for (const queue of made) {
      await first?.pause(queue)
      expect(await first?.replayNext(queue, newId(), {})).toMatchObject({ moved: 5 })
    }
    const counts = (await first?.readings(made))?.map(reading => [reading?.paused, reading?.counts.waiting])
    expect(counts).toEqual([
      [true, 5],
      [true, 5],
      [true, 5],
    ])
    for (const queue of made) await first?.resume(queue)
    await vi.waitFor(() => expect(done).toHaveLength(15), 10_000)
    expect(await failed()).toEqual([0, 0, 0])
  } finally {
    await Promise.all(workers.map(worker => worker.close()))
    await Promise.all(queues.map(queue => queue.close()))
  }
})

test('queues without a hash tag have keys in several slots: reading them is an error, not an empty reading', async () => {
  const prefix = `t-${newId()}`
  const queues = Array.from({ length: 20 }, (_, at) => ({ prefix, name: `mail-${at}` }))
  await expect(openQueueServer(nodes[0] as Redis).readings(queues)).rejects.toMatchObject({ code: 'QUEUE_REFUSED' })
})

test('a child on another node is reported as not known to exist, and not as a dead letter', async () => {
  const [first, second] = nodes as [Redis, Redis]
  const [tag = ''] = await tagsOfFirst(1)
  const base = `${tag}:mail:`
  let other = 0
  while (Number(await client.cluster('KEYSLOT', `{o${other}}`)) < 8_192) other++
  const child = `{o${other}}:mail:7`
  await second.hset(child, { name: 'work', data: '{}', opts: '{}' })
  await first.hset(`${base}parent`, { name: 'work', data: '{}', opts: '{}' })
  await first.zadd(`${base}waiting-children`, 1, 'parent')
  await first.sadd(`${base}parent:dependencies`, child)
  const server = openQueueServer(first)
  const job = await server.job({ prefix: tag, name: 'mail' }, 'parent')
  expect(job?.children).toMatchObject({ pending: 1, jobs: [{ key: child, outcome: 'pending', exists: false }] })
  expect(await server.deadChildren({ prefix: tag, name: 'mail' })).toBeUndefined()
})

test('foreign keys are counted and deleted on a node, in all its slots', async () => {
  const mark = newId()
  for (let at = 0; at < 200; at++) await client.set(`session:${mark}:${at}`, 'x')
  const { signal } = new AbortController()
  let deleted = 0
  for (const node of nodes) {
    const keyspace = redisKeyspace(node)
    const { count } = await keyspace.count(`session:${mark}:*`, { signal, sample: 5 })
    expect(count).toBeGreaterThan(0)
    const gone = await keyspace.unlink(`session:${mark}:*`, { signal })
    expect(gone).toBe(count)
    deleted += gone
  }
  expect(deleted).toBe(200)
})
