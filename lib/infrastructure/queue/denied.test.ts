import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { redisUrl, startRedis } from '../testing/servers.ts'
import { openQueueServer, type QueueAddress, type QueueServer } from './index.ts'

// What an account that may not do everything gets: the command that it lacks, never an empty list.

let redis: Redis
let queue: QueueAddress
let base: string

beforeAll(() => {
  redis = new Redis(redisUrl())
})
afterAll(() => redis.disconnect())
beforeEach(async () => {
  queue = { prefix: `t-${newId()}`, name: 'mail' }
  base = `${queue.prefix}:mail:`
  await redis.hset(`${base}meta`, { version: 'bullmq:6.0.0' })
  await redis.hset(`${base}1`, { name: 'work', data: '{}', opts: '{}', parentKey: `elsewhere:${newId()}:1` })
  await redis.lpush(`${base}wait`, '1')
})

async function serverOf(...rules: string[]): Promise<QueueServer> {
  const name = `u-${newId()}`
  await redis.call('ACL', 'SETUSER', name, 'on', '>secret', ...rules)
  const connection = new Redis(redisUrl(), { username: name, password: 'secret' })
  onTestFinished(async () => {
    connection.disconnect()
    await redis.call('ACL', 'DELUSER', name)
  })
  return openQueueServer(connection)
}

test.each([
  ['evalsha', 'readings', (server: QueueServer) => server.readings([queue])],
  ['hmget', 'a list of jobs', (server: QueueServer) => server.jobs(queue, { state: 'waiting', offset: 0, limit: 5 })],
  ['scan', 'a search for queues', (server: QueueServer) => server.find({})],
  ['client|list', 'the list of workers', (server: QueueServer) => server.workers()],
])('without %s, %s names the command and how to grant it', async (command, _, call) => {
  const server = await serverOf('~*', '+@all', `-${command}`, ...(command === 'evalsha' ? ['-eval'] : []))
  const lacks = command === 'evalsha' ? 'eval' : command
  await expect(call(server)).rejects.toMatchObject({
    code: 'QUEUE_DENIED',
    message: `The account of this Redis may not call ${lacks.replace('|', ' ').toUpperCase()}`,
    nextStep: `Grant +${lacks} to it (ACL SETUSER).`,
  })
})

test('one that may call EVAL but not EVALSHA can still read', async () => {
  const server = await serverOf('~*', '+@all', '-evalsha')
  expect(await server.readings([queue])).toMatchObject([{ counts: { waiting: 1 } }])
})

test('what a script may not do is refused with what operating queues needs, and nothing has changed', async () => {
  const server = await serverOf('~*', '+@all', '-hset')
  await expect(server.pause(queue)).rejects.toMatchObject({
    code: 'QUEUE_DENIED',
    nextStep: expect.stringContaining('+@write'),
  })
  expect(await redis.hexists(`${base}meta`, 'paused')).toBe(0)
})

test('keys out of its reach are an error, not jobs that do not exist', async () => {
  const server = await serverOf(`~${queue.prefix}:*`, '+@all')
  expect((await server.jobs(queue, { state: 'waiting', offset: 0, limit: 5 })).jobs).toMatchObject([{ id: '1' }])
  await expect(server.job(queue, '1')).rejects.toMatchObject({ code: 'QUEUE_DENIED' })
  const other = { prefix: `t-${newId()}`, name: 'mail' }
  await redis.hset(`${other.prefix}:mail:1`, { name: 'work' })
  await redis.lpush(`${other.prefix}:mail:wait`, '1')
  await expect(server.jobs(other, { state: 'waiting', offset: 0, limit: 5 })).rejects.toMatchObject({
    code: 'QUEUE_DENIED',
  })
})

test('a job whose lists are out of reach has no known state: that is an error too', async () => {
  const lone = `${base}lone`
  await redis.hset(lone, { name: 'work', data: '{}', opts: '{}' })
  await redis.lpush(`${base}wait`, 'lone')
  const server = await serverOf(`~${base}`, `~${lone}*`, '+@all')
  await expect(server.job(queue, 'lone')).rejects.toMatchObject({ code: 'QUEUE_DENIED' })
})

test('a Redis that has ended is unreachable: of one queue with its name, of all without', async () => {
  const own = await startRedis()
  const connection = new Redis(own.url, { retryStrategy: () => null })
  connection.on('error', () => undefined)
  await connection.ping()
  await own.close()
  const server = openQueueServer(connection)
  await expect(server.workers()).rejects.toMatchObject({
    code: 'QUEUE_UNREACHABLE',
    message: expect.stringContaining('of this Redis'),
  })
  await expect(server.pause(queue)).rejects.toMatchObject({
    code: 'QUEUE_UNREACHABLE',
    message: expect.stringContaining('The queue mail'),
  })
})
