import { beforeEach, expect, test } from 'vitest'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import type { QueueAddress } from './index.ts'

// Flows written as BullMQ writes them, also such as it never would.

const { redis, server } = testQueueServer()
let queue: QueueAddress
let base: string

beforeEach(async () => {
  ;({ queue, base } = newQueue())
  await redis.hset(`${base}meta`, { version: 'bullmq:5.81.5' })
})

const write = (id: string, parent?: string, at = base) =>
  redis.hset(at + id, { name: id, data: '{}', opts: '{}', ...(parent ? { parentKey: base + parent } : {}) })
async function waitsFor(parent: string, child: string, at = base) {
  await write(child, parent, at)
  await redis.sadd(`${base + parent}:dependencies`, at + child)
}
const idsOf = async (id: string, limit?: number) => {
  const found = await server.family(queue, id, limit === undefined ? {} : { limit })
  return found && { ids: found.jobs.map(job => job.id), cut: found.cut }
}

test('a job that does not exist has no family, one in no list is its own', async () => {
  expect(await server.family(queue, 'none')).toBeUndefined()
  await write('alone')
  expect(await server.family(queue, 'alone')).toEqual({
    jobs: [{ queue: base.slice(0, -1), id: 'alone', name: 'alone', locked: false }],
    cut: false,
  })
})

test('children come before the job that waits for them, whichever of them is asked for', async () => {
  await write('top')
  await redis.zadd(`${base}waiting-children`, 1, 'top')
  await waitsFor('top', 'a')
  await waitsFor('top', 'b')
  await redis.lpush(`${base}active`, 'a')
  await redis.set(`${base}a:lock`, 'token')
  const found = await server.family(queue, 'a')
  expect(found?.jobs.at(-1)).toMatchObject({ id: 'top', state: 'waiting-children', locked: false })
  expect(found?.jobs.find(({ id }) => id === 'a')).toMatchObject({ state: 'active', locked: true })
  expect(found?.jobs.find(({ id }) => id === 'b')).not.toHaveProperty('state')
  expect((await idsOf('top', 2))?.cut).toBe(true)
})

test('a parent that is gone, or no longer waits, is not part of the family', async () => {
  await write('a', 'former')
  await write('former')
  expect(await idsOf('a')).toEqual({ ids: ['a'], cut: false })
  await redis.sadd(`${base}lost:dependencies`, `${base}b`)
  await write('b', 'lost')
  expect(await idsOf('b')).toEqual({ ids: ['b'], cut: false })
})

test('children that are gone, whose key is that of no queue, or that are no list at all are left out', async () => {
  await write('top')
  await redis.sadd(`${base}top:dependencies`, `${base}gone`, queue.prefix, `${base}text`)
  await redis.set(queue.prefix, 'a key without a queue')
  await redis.set(`${base}text`, 'no hash')
  await redis.set(`${base}top:processed`, 'no hash')
  const found = await server.family(queue, 'top')
  expect(found?.jobs.map(({ id, name }) => ({ id, name }))).toEqual([
    { id: 'text', name: '' },
    { id: 'top', name: 'top' },
  ])
})

test('a flow is followed for twenty generations', async () => {
  await write('0')
  for (let at = 1; at <= 25; at++) await waitsFor(String(at - 1), String(at))
  expect(await idsOf('0')).toMatchObject({ cut: true })
  expect((await idsOf('25'))?.ids.at(-1)).toBe('5')
})

test('a flow over two queues is removed until a job has to stay', async () => {
  const other = newQueue().base
  await write('top')
  await waitsFor('top', 'a', other)
  await waitsFor('top', 'b', other)
  const jobs = (await server.family(queue, 'top'))?.jobs ?? []
  await redis.lpush(`${other}active`, 'a')
  await redis.set(`${other}a:lock`, 'token')
  const refused = await server.removeFamily(queue, 'first', jobs)
  expect(refused).toMatchObject({ removed: 1, refused: [{ id: 'a' }] })
  expect(await redis.exists(`${base}top`)).toBe(1)
  await redis.del(`${other}active`, `${other}a:lock`)
  expect(await server.removeFamily(queue, 'first', jobs)).toMatchObject({ refused: [], finished: true })
  expect(await redis.exists(`${base}top`, `${other}a`, `${other}b`)).toBe(0)
})
