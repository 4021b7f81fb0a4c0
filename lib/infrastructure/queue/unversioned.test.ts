import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import type { QueueAddress, QueueMajor } from './index.ts'

// Queues whose settings have no version: flows and workers alone, older versions, after obliterate(), with skipMetasUpdate.

const { redis, server } = testQueueServer()
let queue: QueueAddress
let program: QueueProgram

beforeEach(() => {
  ;({ queue } = newQueue())
})
afterEach(() => program.close())

const job = (data: object = {}) => ({ name: 'work', data, opts: {} })
const base = () => `${queue.prefix}:${queue.name}`
async function reading() {
  const [found] = await server.readings([queue])
  return found
}
async function begin(major: QueueMajor, without?: 'flows' | 'skip') {
  program = await startQueueProgram(major, { url: redisUrl(), ...queue, ...(without ? { without } : {}) })
}
async function bury() {
  await program.ask('add', { jobs: [job({ fail: 'no' })] })
  await program.ask('work')
  await vi.waitFor(async () => expect((await reading())?.counts.failed).toBe(1), 10_000)
  await program.ask('rest')
}

describe.each<QueueMajor>([4, 5, 6])('of BullMQ %i', major => {
  const WAYS: [string, () => Promise<void>][] = [
    ['a FlowProducer and a Worker without a Queue', () => begin(major, 'flows')],
    ['skipMetasUpdate', () => begin(major, 'skip')],
    [
      'obliterate() while the program goes on',
      async () => {
        await begin(major)
        await program.ask('add', { jobs: [job()] })
        await vi.waitFor(async () => expect(await redis.exists(`${base()}:meta`)).toBe(1))
        await program.ask('obliterate')
      },
    ],
    [
      'a version older than the field, as 4.12 and 5.10',
      async () => {
        await begin(major)
        await vi.waitFor(async () => expect(await redis.hdel(`${base()}:meta`, 'version')).toBe(1))
      },
    ],
  ]

  test.each(WAYS)(
    '%s: found, and acted on once its major is said',
    async (_, open) => {
      await open()
      await bury()
      expect(await redis.hget(`${base()}:meta`, 'version')).toBeNull()
      expect((await server.find({ prefixes: [queue.prefix] })).queues).toEqual([queue])
      const { writer } = (await reading()) ?? {}
      expect(writer?.possible).toEqual(major === 4 ? [4] : [5, 6])
      expect(writer?.major).toBe(major === 4 ? 4 : undefined)
      if (major !== 4)
        await expect(server.replayNext(queue, newId(), {})).rejects.toMatchObject({ code: 'QUEUE_OTHER_MAJOR' })
      expect(await server.replayNext({ ...queue, assumed: major }, newId(), {})).toMatchObject({ moved: 1 })
      await server.pause({ ...queue, assumed: major })
      await program.ask('add', { jobs: [job()] })
      expect((await reading())?.inPausedList).toBe(major === 6 ? 0 : 2)
      // While it is paused, the list in which its jobs wait distinguishes 5 and 6.
      expect((await reading())?.writer.major ?? major).toBe(major)
      await server.resume({ ...queue, assumed: major })
      await redis.hset(`${base()}:1`, 'data', '{}')
      await program.ask('work')
      await vi.waitFor(
        async () => expect((await program.ask<string[]>('done')).length).toBeGreaterThanOrEqual(1),
        10_000,
      )
    },
    30_000,
  )

  test('the version in the queue takes precedence over what is assumed', async () => {
    await begin(major)
    await bury()
    const assumed = major === 4 ? 6 : 4
    await server.pause({ ...queue, assumed })
    await program.ask('add', { jobs: [job()] })
    expect((await reading())?.inPausedList).toBe(major === 6 ? 0 : 1)
  })
})

test('a queue in which several majors have worked reports that, and removing needs no major', async () => {
  await begin(5, 'flows')
  await bury()
  const [id = ''] = await redis.zrange(`${base()}:failed`, 0, 0)
  await redis.hdel(`${base()}:${id}`, 'ats')
  await redis.hset(`${base()}:${id}`, 'attemptsMade', '1')
  await redis.zadd(`${base()}:marker`, 0, '0')
  expect((await reading())?.writer).toMatchObject({
    possible: [4, 5, 6],
    unknownBecause: expect.stringContaining('several majors'),
  })
  expect(await server.removeNext(queue, newId(), {})).toMatchObject({ removed: 1 })
})

test('a queue without settings and with finished jobs only is still listed', async () => {
  await begin(6, 'flows')
  await program.ask('add', { jobs: [job()] })
  await program.ask('work')
  await vi.waitFor(async () => expect((await reading())?.counts.completed).toBe(1), 10_000)
  await redis.del(`${base()}:meta`)
  expect((await server.find({})).queues).toContainEqual(queue)
  expect(await reading()).toMatchObject({ counts: { completed: 1 }, writer: { possible: [5, 6] } })
})

test('foreign streams and settings are not queues', async () => {
  await begin(6, 'flows')
  const other = `t-${newId()}`
  await redis.xadd(`${other}:orders:events`, '*', 'event', 'created')
  await redis.set(`${other}:orders:id`, '5')
  await redis.xadd(`${other}:log:events`, '*', 'kind', 'added')
  await redis.set(`${other}:log:id`, '5')
  await redis.xadd(`${other}:alone:events`, '*', 'event', 'added')
  await redis.hset(`${other}:app:meta`, 'version', '1.2.3')
  await redis.hset(`${other}:room:meta`, 'paused', '1')
  const { queues } = await server.find({})
  expect(queues.filter(({ prefix }) => prefix.startsWith(other))).toEqual([])
})
