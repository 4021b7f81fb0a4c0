import { Redis } from 'ioredis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import { openQueueServer, type QueueMajor } from './index.ts'

const { redis, server } = testQueueServer()
let program: QueueProgram | undefined

afterEach(async () => {
  await program?.close()
  program = undefined
})

const job = { name: 'work', data: { text: 'x' }, opts: {} }

describe('names of any kind', () => {
  const names: [QueueMajor, string][] = [
    [4, 'orders:eu:mail'],
    [5, '{orders}'],
    [6, 'a {b} c'],
    [6, ' spaces at both ends '],
    [5, 'Größe 🚚 注文'],
    [6, 'n'.repeat(200)],
    [6, '*?[a-z]\\'],
    [5, 'meta'],
  ]
  test.each(names)('BullMQ %i, %j: found, read, paused, resumed, its worker listed', async (major, name) => {
    const prefix = `t {x}-${newId()}`
    const queue = { prefix, name }
    program = await startQueueProgram(major, { url: redisUrl(), ...queue })
    const [id = ''] = await program.ask<string[]>('add', { jobs: [job] })
    expect((await server.find({ prefixes: [prefix] })).queues).toEqual([queue])
    expect((await server.readings([queue]))[0]).toMatchObject({ writer: { major }, counts: { waiting: 1 } })
    expect(await server.job(queue, id)).toMatchObject({ id, name: 'work', state: 'waiting' })
    await server.pause(queue)
    expect(await program.ask('isPaused')).toBe(true)
    await server.resume(queue)
    expect(await program.ask('isPaused')).toBe(false)
  })

  test('of two prefixes of which one is the beginning of the other, each has its own queues', async () => {
    const short = `t-${newId()}`
    const long = `${short}:eu`
    for (const prefix of [short, long]) {
      const one = await startQueueProgram(6, { url: redisUrl(), prefix, name: 'mail' })
      await one.close()
    }
    const found = await server.find({ prefixes: [short, long] })
    expect(found.queues.toSorted((a, b) => a.prefix.length - b.prefix.length)).toEqual([
      { prefix: short, name: 'mail' },
      { prefix: long, name: 'mail' },
    ])
    expect((await server.find({ prefixes: [short] })).queues).toHaveLength(2)
    expect((await server.find({ prefixes: ['none'] })).elsewhere).toContainEqual({ prefix: long, queues: 1 })
  })

  test('keys that only look like queues are not listed: a job, a scheduler or a foreign key named meta, a name that is not UTF-8', async () => {
    const prefix = `t-${newId()}`
    await redis.hset(`${prefix}:mail:meta`, 'name', 'a job', 'data', '{}', 'opts', '{}')
    await redis.set(`${prefix}:other:meta`, 'foreign')
    await redis.hset(
      Buffer.concat([Buffer.from(`${prefix}:`), Buffer.from([0xff, 0xfe]), Buffer.from(':meta')]),
      'version',
      'bullmq:6.0.0',
    )
    const found = await server.find({ prefixes: [prefix] })
    expect(found.queues).toEqual([])
    expect(found.unreadable).toBeGreaterThan(0)
  })
})

describe('jobs that BullMQ would not have written', () => {
  async function open() {
    const queue = { prefix: `t-${newId()}`, name: 'mail' }
    program = await startQueueProgram(6, { url: redisUrl(), ...queue })
    const base = `${queue.prefix}:${queue.name}:`
    await vi.waitFor(async () => expect(await redis.hget(`${base}meta`, 'version')).toContain('bullmq:6'))
    return { queue, base }
  }

  test('are shown with what is wrong; a replay takes the valid ones and lists the others', async () => {
    const { queue, base } = await open()
    const hashes: Record<string, Record<string, string | Buffer>> = {
      sound: { name: 'work', data: '{}', opts: '{}', timestamp: '1', failedReason: 'x' },
      'no-json': { name: 'work', data: '{', opts: '{"delay":', failedReason: 'x' },
      'no-data': { name: 'work', opts: '{}' },
      binary: { name: 'work', data: Buffer.from([0xff, 0x00, 0xfe]), opts: '{}', failedReason: Buffer.from([0xff]) },
      list: { name: 'work', data: '[]', opts: '[]', timestamp: 'NaN', priority: 'much' },
      unnamed: { data: '{}', opts: '{}' },
    }
    for (const [id, fields] of Object.entries(hashes)) await redis.hset(base + id, fields)
    await redis.set(`${base}string`, 'no hash')
    const ids = [...Object.keys(hashes), 'string', 'gone']
    await redis.zadd(`${base}failed`, ...ids.flatMap((id, at) => [at + 1, id]))
    const page = await server.jobs(queue, { state: 'failed', offset: 0, limit: 50 })
    expect(page.total).toBe(8)
    const problems = Object.fromEntries(page.jobs.map(one => [one.id, one.problems]))
    expect(problems).toEqual({
      sound: [],
      'no-json': ['Its options are not a JSON object.', 'Its data is not JSON.'],
      'no-data': ['It has no data.'],
      binary: ['Its data is not text.'],
      list: ['Its options are not a JSON object.'],
      unnamed: ['It has no name.'],
      string: ['Its key contains something other than a job.'],
      gone: ['Its data is missing; only its id is left in the list.'],
    })
    for (const id of ids) expect((await server.job(queue, id))?.id).toBe(id)
    expect((await server.job(queue, 'binary'))?.data).toEqual({ bytes: 3, hex: 'ff00fe' })
    const step = await server.replayNext(queue, newId(), {})
    expect(step).toMatchObject({ moved: 5, finished: true, examined: 8 })
    expect(step.refused).toEqual([
      { id: 'no-json', reason: 'its options are not a JSON object' },
      { id: 'string', reason: 'its key contains something other than a job' },
      { id: 'gone', reason: 'its data is missing' },
    ])
  })

  test('five megabytes are not read for a list, are cut for a page, and returned in full on request', async () => {
    const { queue } = await open()
    const data = { text: 'é'.repeat(2_600_000) }
    const [id = ''] = (await program?.ask<string[]>('add', { jobs: [{ ...job, data }] })) ?? []
    const [row] = (await server.jobs(queue, { state: 'waiting', offset: 0, limit: 5 })).jobs
    expect(row?.data).toEqual({ bytes: 5_200_011 })
    const part = (await server.job(queue, id, { maxBytes: 1_000 }))?.data
    expect(part).toMatchObject({ bytes: 5_200_011, cut: true })
    expect(part?.text).toMatch(/^\{"text":"é{490,500}$/)
    const whole = await server.job(queue, id, { maxBytes: 6_000_000 })
    expect(JSON.parse(whole?.data.text ?? '')).toEqual(data)
  })

  test('a search by name does not read a name of several megabytes', async () => {
    const { queue, base } = await open()
    await redis.hset(`${base}huge`, { name: 'needle'.repeat(1_000_000), data: '{}', opts: '{}' })
    await redis.hset(`${base}small`, { name: 'a needle', data: '{}', opts: '{}' })
    await redis.lpush(`${base}wait`, 'huge', 'small')
    const reader = new Redis(redisUrl(), { commandTimeout: 5_000 })
    try {
      await reader.ping()
      const before = reader.stream.bytesRead
      const found = await openQueueServer(reader).jobs(queue, {
        state: 'waiting',
        offset: 0,
        limit: 5,
        filter: { q: 'NEEDLE' },
      })
      expect(found).toMatchObject({ total: 2, examined: 2, complete: true, jobs: [{ id: 'huge' }, { id: 'small' }] })
      expect(reader.stream.bytesRead - before).toBeLessThan(10_000)
    } finally {
      reader.disconnect()
    }
  })

  test('data nested ten thousand deep, a name and an id of a thousand characters', async () => {
    const { queue, base } = await open()
    const id = 'i'.repeat(1_000)
    const data = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
    await redis.hset(base + id, { name: 'n'.repeat(1_000), data, opts: '{}', timestamp: '1' })
    await redis.lpush(`${base}wait`, id)
    expect((await server.job(queue, id))?.data.text).toBe(data)
    expect(
      (await server.jobs(queue, { state: 'waiting', offset: 0, limit: 5, filter: { q: 'nnnn' } })).jobs,
    ).toHaveLength(1)
  })

  test('a key of another type makes a count unknown, not zero, and acts are refused before anything is moved', async () => {
    const { queue, base } = await open()
    await redis.set(`${base}delayed`, 'not a set')
    await redis.hset(`${base}1`, { name: 'work', data: '{}', opts: '{"delay":1000}', failedReason: 'x' })
    await redis.zadd(`${base}failed`, 1, '1')
    const [reading] = await server.readings([queue])
    expect(reading?.counts).toMatchObject({ waiting: 0, failed: 1 })
    expect(reading?.counts).not.toHaveProperty('delayed')
    await expect(server.replayNext(queue, newId(), {})).rejects.toMatchObject({
      code: 'QUEUE_REFUSED',
      message: expect.stringContaining('delayed'),
    })
    expect(await redis.zcard(`${base}failed`)).toBe(1)
    expect(await redis.hget(`${base}1`, 'failedReason')).toBe('x')
  })
})

test('an id that is not a job of this queue removes nothing: keys of the queue itself, jobs and sets of another queue, other keys', async () => {
  const queue = { prefix: `t-${newId()}`, name: 'mail' }
  const other = { ...queue, name: 'mail:eu' }
  program = await startQueueProgram(6, { url: redisUrl(), ...queue })
  const base = `${queue.prefix}:mail:`
  await vi.waitFor(async () => expect(await redis.hget(`${base}meta`, 'version')).toContain('bullmq:6'))
  await program.ask('repeat', { every: 3_600_000 })
  const [real = ''] = await program.ask<string[]>('add', { jobs: [job] })
  await redis.hset(`${base}eu:meta`, { version: 'bullmq:6.0.0' })
  await redis.hset(`${base}eu:5`, { name: 'work', data: '{}', opts: '{}', timestamp: '1' })
  await redis.zadd(`${base}eu:failed`, 1, '5')
  // A job of this queue whose id is the name of the other queue, and the settings of that queue among the dead letters of this one.
  await redis.hset(`${base}eu`, { name: 'work', data: '{}', opts: '{}', timestamp: '1' })
  await redis.zadd(`${base}failed`, 1, 'eu', 2, 'meta')
  await redis.hset(`${base}somebody`, { theirs: '1' })
  await redis.set(`${base}text`, 'theirs')
  await redis.hset(`${base}orphan`, { name: 'work', data: '{}', opts: '{}' })
  const [{ key = '' } = {}] = await server.schedulers(queue)
  const ids = [
    'meta',
    'events',
    'id',
    'wait',
    'repeat',
    'eu:5',
    'eu:meta',
    'eu:failed',
    `repeat:${key}`,
    'somebody',
    'text',
  ]
  const before = await Promise.all([...ids, 'eu'].map(id => redis.dump(base + id)))
  const applicable = await server.applicable(queue, 'remove', [...ids, 'eu', 'orphan', real])
  expect(applicable.map(({ id }) => id)).toEqual(['eu', 'orphan', real])
  expect(applicable.map(({ why }) => why !== undefined)).toEqual([true, false, false])
  expect(await server.job(queue, 'eu:5')).toBeUndefined()
  expect(await server.job(other, '5')).toMatchObject({ state: 'failed' })
  const step = await server.removeChosen(queue, newId(), [...ids, 'eu'])
  expect(step.done).toBe(0)
  expect(step.refused.map(({ id }) => id)).toEqual([...ids, 'eu'])
  const run = newId()
  const all = await server.removeNext(queue, run, {})
  expect([all.removed, all.refused.length]).toEqual([0, 2])
  expect(await Promise.all([...ids, 'eu'].map(id => redis.dump(base + id)))).toEqual(before)
  expect(await redis.zcard(`${base}eu:failed`)).toBe(1)
  expect(await server.removeChosen(queue, newId(), ['orphan', real])).toMatchObject({ done: 2, refused: [] })
  expect(await redis.exists(`${base}orphan`, base + real)).toBe(0)
})

test('a queue of another library, or of an unknown major, is shown but cannot be operated', async () => {
  for (const version of ['bullmq:7.0.0', 'bullmq-pro:5.1.0', 'something', undefined]) {
    const queue = { prefix: `t-${newId()}`, name: 'mail' }
    const base = `${queue.prefix}:${queue.name}:`
    await redis.hset(`${base}meta`, { ...(version ? { version } : {}), 'opts.maxLenEvents': '10000' })
    await redis.lpush(`${base}wait`, 'a')
    expect((await server.readings([queue]))[0]).toMatchObject({
      counts: { waiting: 1 },
      writer: { unknownBecause: expect.any(String) },
    })
    await expect(server.pause(queue)).rejects.toMatchObject({ code: 'QUEUE_OTHER_MAJOR' })
    expect(await redis.hget(`${base}meta`, 'paused')).toBeNull()
  }
})

test('a change of the writer in the middle of a replay is followed, or refused when its rules are not known', async () => {
  const queue = { prefix: `t-${newId()}`, name: 'mail' }
  const base = `${queue.prefix}:${queue.name}:`
  const writtenBy = (version: string) => redis.hset(`${base}meta`, { version, paused: '1' })
  for (const [at, id] of ['a', 'b', 'c'].entries()) {
    await redis.hset(base + id, { name: 'work', data: '{}', opts: '{}', timestamp: '1', failedReason: 'x' })
    await redis.zadd(`${base}failed`, at, id)
  }
  const run = newId()
  await writtenBy('bullmq:6.7.0')
  expect(await server.replayChosen(queue, run, ['a'])).toMatchObject({ moved: 1 })
  // While paused, 6 keeps jobs in `wait` and 5 in `paused`.
  await writtenBy('bullmq:5.81.5')
  expect(await server.replayChosen(queue, run, ['b'])).toMatchObject({ moved: 1 })
  expect(await redis.lrange(`${base}wait`, 0, -1)).toEqual(['a'])
  expect(await redis.lrange(`${base}paused`, 0, -1)).toEqual(['b'])
  await writtenBy('bullmq:7.0.0')
  await expect(server.replayNext(queue, run, {})).rejects.toMatchObject({ code: 'QUEUE_OTHER_MAJOR' })
  expect(await redis.zrange(`${base}failed`, 0, -1)).toEqual(['c'])
})
