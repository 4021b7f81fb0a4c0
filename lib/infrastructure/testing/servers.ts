import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { inject } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type EmbeddedRedis, startEmbeddedRedis } from './embedded-redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
    postgresUrl: string
    toolsFolder: string
  }
}

/** The Redis that all tests of a run share: every test needs keys of its own. */
export function redisUrl(): string {
  return inject('redisUrl')
}

/** A new database on the Postgres that all tests of a run share. */
export async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = inject('postgresUrl')
  const name = `test_${newId().toLowerCase()}`
  await once(admin, sql => sql`create database ${sql(name)}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => once(admin, sql => sql`drop database if exists ${sql(name)} with (force)`) }
}

async function once(url: string, query: (sql: postgres.Sql) => PromiseLike<unknown>) {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await query(sql)
  } finally {
    await sql.end()
  }
}

export interface TestRedis {
  readonly url: string
  readonly port: number
  /** Ends the server; `start` brings it back on the same port, empty unless it persists. */
  stop(): Promise<void>
  start(how?: { args?: string[]; loading?: boolean }): Promise<void>
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void
  resume(): void
  close(): Promise<void>
}

/** A Redis for one test, which may stop or pause it. */
export async function startRedis(options: { persist?: boolean; args?: string[] } = {}): Promise<TestRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'substation-redis-'))
  const tools = resolve(inject('toolsFolder'))
  let server: EmbeddedRedis = await startEmbeddedRedis({ dir, tools, ...options })
  const { port, url } = server
  return {
    url,
    port,
    stop: () => server.stop(),
    async start(how = {}) {
      server = await startEmbeddedRedis({ dir, tools, port, ...options, ...how })
      if (server.port !== port) throw new Error(`Port ${port} was taken while Redis was down`)
    },
    pause: () => process.kill(server.pid, 'SIGSTOP'),
    resume: () => process.kill(server.pid, 'SIGCONT'),
    async close() {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export interface TestRedisCluster {
  urls: string[]
  /** Ends one node. */
  stop(node: number): Promise<void>
  close(): Promise<void>
}

const SLOTS = 16_384

/** A Redis Cluster for one test: so many masters, the slots shared among them in their order. */
export async function startRedisCluster(masters = 2): Promise<TestRedisCluster> {
  const dir = mkdtempSync(join(tmpdir(), 'substation-redis-'))
  const tools = resolve(inject('toolsFolder'))
  const nodes = await Promise.all(
    Array.from({ length: masters }, (_, at) =>
      startEmbeddedRedis({ dir: join(dir, String(at)), tools, cluster: true }),
    ),
  )
  const urls = nodes.map(node => node.url)
  const clients = urls.map(url => new Redis(url))
  try {
    const [first] = clients as [Redis]
    const startOf = (node: number) => Math.floor((node * SLOTS) / masters)
    for (const [at, client] of clients.entries()) {
      await client.call('CLUSTER', 'ADDSLOTSRANGE', startOf(at), startOf(at + 1) - 1)
      const bus = String(await client.config('GET', 'cluster-port')).split(',')[1] ?? ''
      if (at > 0) await first.call('CLUSTER', 'MEET', '127.0.0.1', nodes[at]?.port ?? 0, bus)
    }
    const formed = new RegExp(`cluster_state:ok.*cluster_known_nodes:${masters}`, 's')
    await Promise.all(
      clients.map(async client => {
        const until = Date.now() + 20_000
        while (!formed.test(String(await client.call('CLUSTER', 'INFO')))) {
          if (Date.now() > until) throw new Error('The nodes of the Redis Cluster did not find each other')
          await pause(50)
        }
      }),
    )
  } finally {
    for (const client of clients) client.disconnect()
  }
  return {
    urls,
    stop: async node => nodes[node]?.stop(),
    async close() {
      await Promise.all(nodes.map(node => node.stop()))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
