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

describe.each<QueueMajor>([4, 5, 6])('a flow of BullMQ %i that is stuck', major => {
  const to = { queueName: 'flow.children' }
  const childAddress = () => ({ prefix, name: 'flow.children' })
  const keyOf = (id = '') => `${prefix}:flow.children:${id}`
  async function stuck(...more: object[]) {
    await begin(major)
    const added = await parents.ask<{ parent: string; children: string[] }>('flow', {
      children: [{ ...to, name: 'broken', data: { fail: 'no' } }, ...more],
    })
    await children.ask('work')
    await vi.waitFor(async () => expect(await redis.zcard(`${prefix}:flow.children:failed`)).toBe(1), 10_000)
    await children.ask('rest')
    return added
  }

  test('its parent continues without the dead child, is worked on, and the child can then be removed', async () => {
    const { parent, children: [dead = ''] = [] } = await stuck()
    expect(await server.waitsFor(flow(), parent, keyOf(dead))).toBe(true)
    expect(await server.removeChosen(childAddress(), newId(), [dead])).toMatchObject({ removed: 0 })
    expect(await server.releaseParent(flow(), parent, keyOf(dead))).toBe(true)
    expect(await server.releaseParent(flow(), parent, keyOf(dead))).toBe(false)
    expect(await server.waitsFor(flow(), parent, keyOf(dead))).toBe(false)
    await parents.ask('work')
    await vi.waitFor(async () => expect(await parents.ask('done')).toEqual([parent]), 10_000)
    expect(await server.removeChosen(childAddress(), newId(), [dead])).toMatchObject({ removed: 1, refused: [] })
  })

  test('its parent still waits for another child, and for one that was removed nobody waits any more', async () => {
    const { parent, children: [dead = '', later = ''] = [] } = await stuck({
      ...to,
      name: 'later',
      data: {},
      opts: { delay: 600_000 },
    })
    await redis.zrem(`${prefix}:flow.children:failed`, dead)
    await redis.del(keyOf(dead))
    expect(await server.releaseParent(flow(), parent, keyOf(dead))).toBe(true)
    expect(await server.job(flow(), parent)).toMatchObject({ state: 'waiting-children', children: { pending: 1 } })
    expect(await server.releaseParent(flow(), parent, keyOf(later))).toBe(true)
    expect(await server.job(flow(), parent)).toMatchObject({ state: 'waiting' })
  })

  test('is removed as a whole, from any of its jobs, children first', async () => {
    const { parent, children: ids } = await stuck({ ...to, name: 'later', data: {}, opts: { delay: 600_000 } })
    for (const [address, id] of [
      [flow(), parent],
      [childAddress(), ids[0] ?? ''],
    ] as const) {
      const found = await server.family(address, id)
      expect(found?.cut).toBe(false)
      expect(found?.jobs.map(job => job.name).toSorted()).toEqual(['broken', 'later', 'parent'])
      expect(found?.jobs.at(-1)).toMatchObject({
        id: parent,
        queue: `${prefix}:flow.parents`,
        state: 'waiting-children',
      })
    }
    const { jobs = [] } = (await server.family(flow(), parent)) ?? {}
    const run = newId()
    expect(await server.removeFamily(flow(), run, jobs)).toMatchObject({ removed: 3, refused: [] })
    expect(await server.removeFamily(flow(), run, jobs)).toMatchObject({ done: 3, refused: [] })
    expect(await server.family(flow(), parent)).toBeUndefined()
    expect(await redis.exists(...ids.map(keyOf), `${prefix}:flow.parents:${parent}`)).toBe(0)
  })

  test('stays where a worker is processing one of its jobs', async () => {
    const { parent, children: ids } = await stuck({ ...to, name: 'busy', data: {}, opts: { delay: 600_000 } })
    await redis.set(`${keyOf(ids[1])}:lock`, 'token')
    const { jobs = [] } = (await server.family(flow(), parent)) ?? {}
    const { refused } = await server.removeFamily(flow(), newId(), jobs)
    expect(refused).toEqual([{ id: jobs.find(job => job.locked)?.id, reason: 'it is being worked on' }])
    expect(await server.job(flow(), parent)).toBeDefined()
  })
})

test('a flow larger than the limit is said to be cut', async () => {
  await begin(6)
  const { parent } = await parents.ask<{ parent: string }>('flow', {
    children: Array.from({ length: 12 }, () => ({ queueName: 'flow.children', name: 'child', data: {} })),
  })
  expect(await server.family(flow(), parent, { limit: 5 })).toMatchObject({ cut: true })
  expect((await server.family(flow(), parent))?.jobs).toHaveLength(13)
})
