import { expect, test } from 'vitest'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'

const { redis, server } = testQueueServer()

test('workers are told by the names of their connections, in the same database only', async () => {
  const { queue } = newQueue()
  const key = `${queue.prefix}:${queue.name}`
  const encoded = Buffer.from(queue.name).toString('base64')
  const names = [`${queue.prefix}:${encoded}`, `${queue.prefix}:${encoded}:w:one:w:two`, `${queue.prefix}:no-base64!`]
  const connections = names.map(() => redis.duplicate())
  const elsewhere = redis.duplicate({ db: 1 })
  try {
    for (const [at, connection] of connections.entries()) await connection.client('SETNAME', names[at] as string)
    await elsewhere.client('SETNAME', names[0] as string)
    const found = (await server.workers()).byQueue.get(key) ?? []
    expect(found.map(({ name }) => name).sort()).toEqual(['one:w:two', undefined])
    for (const worker of found) {
      expect(worker.address).toMatch(/:\d+$/)
      expect(worker.ageSeconds).toBeLessThan(600)
      expect(worker).not.toHaveProperty('majors')
    }
    expect([...(await server.workers()).byQueue.keys()].filter(one => one.startsWith(queue.prefix))).toEqual([key])
  } finally {
    for (const connection of [...connections, elsewhere]) connection.disconnect()
  }
})
