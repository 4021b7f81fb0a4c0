import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import type { QueueMajor } from './index.ts'

// Parents that wait for children, of which some are dead letters.

const { redis, server } = testQueueServer()
let prefix: string
let parents: QueueProgram
let children: QueueProgram

beforeEach(() => {
  prefix = `t-${newId()}`
})
afterEach(async () => {
  await children.close()
  await parents.close()
})

const flow = () => ({ prefix, name: 'flow.parents' })
async function begin(major: QueueMajor, childQueue = 'flow.children') {
  parents = await startQueueProgram(major, { url: redisUrl(), ...flow() })
  children = await startQueueProgram(major, { url: redisUrl(), prefix, name: childQueue })
}

describe.each<QueueMajor>([4, 5, 6])('of BullMQ %i', major => {
  test('a parent lists where its children are, its queue that it waits for a dead letter; a replay lets it go on', async () => {
    await begin(major)
    const to = { queueName: 'flow.children' }
    const added = await parents.ask<{ parent: string; children: string[] }>('flow', {
      children: [
        { ...to, name: 'sound', data: {} },
        { ...to, name: 'broken', data: { fail: 'mailbox full' } },
        { ...to, name: 'later', data: {}, opts: { delay: 600_000 } },
      ],
    })
    const [sound, broken, later] = added.children
    expect(await server.deadChildren(flow())).toBeUndefined()
    await children.ask('work')
    const key = `${prefix}:flow.children`
    await vi.waitFor(async () => expect(await redis.zcard(`${key}:failed`)).toBe(1), 10_000)
    await vi.waitFor(async () => expect(await redis.zcard(`${key}:completed`)).toBe(1), 10_000)
    await children.ask('rest')
    expect(await server.job(flow(), added.parent)).toMatchObject({
      state: 'waiting-children',
      children: {
        pending: 2,
        done: 1,
        failed: 0,
        jobs: [
          {
            queue: key,
            id: broken,
            outcome: 'pending',
            state: 'failed',
            name: 'broken',
            error: { text: 'mailbox full' },
          },
          { queue: key, id: later, outcome: 'pending', state: 'delayed' },
          { queue: key, id: sound, outcome: 'done', state: 'completed' },
        ],
      },
    })
    expect(await server.job({ prefix, name: 'flow.children' }, broken ?? '')).toMatchObject({
      parentAt: { queue: `${prefix}:flow.parents`, id: added.parent, state: 'waiting-children' },
    })
    expect(await server.deadChildren(flow())).toMatchObject({
      parents: 1,
      examined: 1,
      queues: [{ key, parents: 1 }],
      since: expect.any(Number),
    })
    const address = { prefix, name: 'flow.children' }
    await redis.hset(`${key}:${broken}`, 'data', '{}')
    await server.replayNext(address, newId(), {})
    await server.promoteNext(address, newId(), {})
    await children.ask('work')
    await vi.waitFor(async () => expect(await redis.llen(`${prefix}:flow.parents:wait`)).toBeGreaterThan(0), 10_000)
    expect(await server.deadChildren(flow())).toBeUndefined()
  }, 30_000)
})

test('a dead letter two generations down is found, in any queue; ids and names may contain colons', async () => {
  await begin(4, 'eu:children')
  await parents.ask('flow', {
    children: [
      {
        name: 'middle',
        data: {},
        children: [{ queueName: 'eu:children', name: 'leaf', data: { fail: 'no' }, opts: { jobId: 'a:b' } }],
      },
    ],
  })
  await children.ask('work')
  await vi.waitFor(async () => expect(await redis.zcard(`${prefix}:eu:children:failed`)).toBe(1), 10_000)
  expect((await server.deadChildren(flow()))?.queues).toEqual([{ key: `${prefix}:eu:children`, parents: 2 }])
})

test('a child that no longer exists is reported as missing, not as elsewhere', async () => {
  await begin(6)
  const added = await parents.ask<{ parent: string; child: string }>('flow', {
    children: [{ queueName: 'flow.children', name: 'gone', data: {} }],
  })
  const key = `${prefix}:flow.children`
  await redis.lrem(`${key}:wait`, 1, added.child)
  await redis.del(`${key}:${added.child}`)
  const job = await server.job(flow(), added.parent)
  expect(job?.children?.jobs).toEqual([{ key: `${key}:${added.child}`, outcome: 'pending', exists: false }])
})
