import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import type { QueueAddress, QueueMajor } from './index.ts'

// Since when the oldest job waits: from when it began to wait, which is not when it was added; or not known.

const { redis, server } = testQueueServer()
const DAY = 86_400_000

let queue: QueueAddress
let base: string
let program: QueueProgram

beforeEach(() => {
  ;({ queue, base } = newQueue())
})
afterEach(() => program.close())

const waitingSince = async () => (await server.readings([queue]))[0]?.waitingSince
const ago = async () => Date.now() - ((await waitingSince()) ?? Number.NaN)

describe.each<QueueMajor>([4, 5, 6])('of BullMQ %i', major => {
  beforeEach(async () => {
    program = await startQueueProgram(major, { url: redisUrl(), ...queue })
  })
  async function add(opts: object = {}, data: object = {}) {
    const [id = ''] = await program.ask<string[]>('add', { jobs: [{ name: 'work', data, opts }] })
    return id
  }
  /** As if it had been added, and had failed, so long ago. */
  const age = (id: string, ms: number) => redis.hset(base + id, 'timestamp', Date.now() - ms)
  async function bury(id: string) {
    await program.ask('work')
    await vi.waitFor(async () => expect((await server.job(queue, id))?.state).toBe('failed'), 10_000)
    await program.ask('rest')
  }

  test('a job that was never tried: since it was added, or since its delay ended', async () => {
    const id = await add()
    await age(id, 3_600_000)
    expect(await ago()).toBeGreaterThanOrEqual(3_600_000)
    await redis.hset(base + id, 'opts', JSON.stringify({ delay: 3_000_000 }))
    expect(await ago()).toBeLessThan(3_000_000)
    expect(await ago()).toBeGreaterThanOrEqual(600_000)
  })

  test('a job promoted days before it is due: since then, or unknown where its own library did it', async () => {
    const id = await add({ delay: 3 * DAY })
    await program.ask('promote', { id })
    expect(await waitingSince()).toBeUndefined()
    const other = await add({ delay: 3 * DAY })
    await age(other, DAY)
    await server.promoteNext(queue, newId(), {})
    expect(await ago()).toBeLessThan(60_000)
  })

  test('a dead letter of yesterday that is replayed waits since its replay, not since yesterday', async () => {
    const id = await add({}, { fail: 'no' })
    await bury(id)
    await age(id, DAY)
    await server.replayNext(queue, newId(), {})
    expect(await ago()).toBeLessThan(60_000)
    // Its new attempt fails; what was noted for the replay says nothing of a later wait.
    await bury(id)
    await program.ask('retry', { id })
    expect(await waitingSince()).toBeUndefined()
  })

  test('where the next one is unknown, the one behind it counts', async () => {
    const retried = await add({}, { fail: 'no' })
    await bury(retried)
    await program.ask('retry', { id: retried })
    const fresh = await add()
    await age(fresh, 60_000)
    expect(await ago()).toBeGreaterThanOrEqual(60_000)
    expect(await ago()).toBeLessThan(120_000)
  })
})
