import { createServer as httpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { TLSSocket, createServer as tlsServer } from 'node:tls'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../infrastructure/testing/free-port.ts'
import { selfSigned } from '../../infrastructure/testing/self-signed.ts'
import { createDatabase, startRedis, startRedisCluster, type TestRedis } from '../../infrastructure/testing/servers.ts'
import { outages } from '../platform/part/outages.ts'
import { part } from '../platform/part/read-part.ts'
import { postgresTarget } from './probe/postgres.ts'
import { openViewRedis, whenReady } from './view-redis.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** What a page reports when a Redis at this address is asked for something. */
async function redisSays(url: string, ask: (redis: Redis) => Promise<unknown> = redis => redis.ping()) {
  const redis = openViewRedis(url, 'test')
  closing.push(() => redis.disconnect())
  const answer = await part(
    'Redis main',
    outages(),
    whenReady(redis).then(() => ask(redis)),
  )
  if (answer.status !== 'down') throw new Error('it answered')
  return `${answer.reason}. ${answer.nextStep}`
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

describe('a Redis', () => {
  let server: TestRedis
  beforeAll(async () => {
    server = await startRedis()
    const admin = new Redis(server.url)
    await admin.config('SET', 'requirepass', 'right')
    admin.disconnect()
  })
  afterAll(() => server.close())

  const at = (user: string) => `redis://${user}127.0.0.1:${server.port}`

  test('that refuses the password says so, and so does one that needs a password', async () => {
    expect(await redisSays(at(':wrong@'))).toContain('Redis main refuses the user name or password. Check user')
    expect(await redisSays(at(''))).toContain('Redis main refuses the user name or password.')
  })

  test('whose account may not do it names the right', async () => {
    const admin = new Redis(at(':right@'))
    await admin.call('ACL', 'SETUSER', 'reader', 'on', '>pw', '+@all', '-config', '~*')
    admin.disconnect()
    expect(await redisSays(at('reader:pw@'), redis => redis.config('GET', 'maxmemory'))).toMatch(
      /Redis main does not permit it: NOPERM .*config.*\. Grant that/,
    )
  })

  test('that is full says so', async () => {
    const admin = new Redis(at(':right@'))
    await admin.config('SET', 'maxmemory', '1')
    expect(await redisSays(at(':right@'), redis => redis.set('a', 'b'))).toContain(
      'Redis main refuses writes: its memory is full. Remove keys',
    )
    await admin.config('SET', 'maxmemory', '0')
    admin.disconnect()
  })

  test('that is a replica accepts no writes, not even from within a script', async () => {
    const primary = await startRedis()
    const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(primary.port)] })
    closing.push(
      () => primary.close(),
      () => replica.close(),
    )
    const sentence = 'Redis main is a read-only replica. Name its primary'
    expect(await redisSays(replica.url, redis => redis.set('a', 'b'))).toContain(sentence)
    expect(await redisSays(replica.url, redis => redis.eval("return redis.call('SET', 'a', 'b')", 0))).toContain(
      sentence,
    )
  })

  test('that is a node of a Cluster says so', async () => {
    const cluster = await startRedisCluster()
    closing.push(() => cluster.close())
    // Slot 15495 is the second node's.
    expect(await redisSays(cluster.urls[0] ?? '', redis => redis.get('a'))).toContain(
      'Redis main is a node of a Redis Cluster and does not have these keys. Declare each primary',
    )
  })

  test('with a self-signed certificate is not trusted', async () => {
    const port = await portOf(tlsServer(selfSigned, socket => socket.on('error', () => {})))
    expect(await redisSays(`rediss://127.0.0.1:${port}`)).toMatch(
      /Redis main has a certificate that is not trusted\. .*NODE_EXTRA_CA_CERTS/,
    )
  })

  test('where another program listens, or one without TLS, says which', async () => {
    const http = httpServer((_request, response) => response.end('hello'))
    const port = await portOf(http)
    expect(await redisSays(`redis://127.0.0.1:${port}`)).toContain(
      'Redis main does not speak the Redis protocol. Another program',
    )
    expect(await redisSays(`rediss://127.0.0.1:${port}`)).toContain('Redis main does not speak TLS on this port.')
  })

  test('without a known address, or where nothing listens, says which', async () => {
    expect(await redisSays('redis://no-such-host.invalid:6379')).toContain(
      'Redis main has an address that does not resolve. Check the host name',
    )
    expect(await redisSays(`redis://127.0.0.1:${await freePort(0)}`)).toContain(
      'Redis main refuses connections. Check that it is running',
    )
  })
})

describe('a Postgres', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterAll(() => database.drop())

  async function postgresSays(change: (url: URL) => void) {
    const url = new URL(database.url)
    change(url)
    const target = postgresTarget({ name: 'shop', url: url.href }, outages())
    closing.push(() => target.close())
    const { report } = await target.read()
    if (report.status !== 'down') throw new Error('it answered')
    return `${report.reason}. ${report.nextStep}`
  }

  test('that refuses the password, or has no such database, says which', async () => {
    expect(
      await postgresSays(url => {
        url.password = 'wrong'
      }),
    ).toContain('Postgres shop refuses the user name or password.')
    expect(
      await postgresSays(url => {
        url.pathname = '/nowhere'
      }),
    ).toContain('Postgres shop has no database of that name.')
  })

  test('with a self-signed certificate is not trusted', async () => {
    // It says that it speaks TLS, and then shows its certificate.
    const port = await portOf(
      createServer(socket => {
        socket.on('error', () => {})
        socket.once('data', () => {
          socket.write('S')
          new TLSSocket(socket, { isServer: true, ...selfSigned }).on('error', () => {})
        })
      }),
    )
    expect(
      await postgresSays(url => {
        url.port = String(port)
        url.searchParams.set('sslmode', 'verify-full')
      }),
    ).toMatch(/Postgres shop has a certificate that is not trusted\. .*NODE_EXTRA_CA_CERTS/)
  })

  test('where nothing listens refuses connections', async () => {
    const port = await freePort(0)
    expect(
      await postgresSays(url => {
        url.port = String(port)
      }),
    ).toContain('Postgres shop refuses connections.')
  })
})
