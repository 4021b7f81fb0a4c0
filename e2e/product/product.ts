import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Redis } from 'ioredis'
import { fleetKeys } from '../../lib/infrastructure/fleet/index.ts'
import { embeddedPostgresHome, startEmbeddedPostgres } from '../../lib/infrastructure/testing/embedded-postgres.ts'
import { startEmbeddedRedis } from '../../lib/infrastructure/testing/embedded-redis.ts'
import { isAlive, stopProcess } from '../../lib/infrastructure/testing/server-process.ts'

export const FOLDER = join('.substation', 'e2e')
export const ENVIRONMENT = 'demo'
/** Where the product under test is asked to listen; journeys that start one of their own take the ports after it. */
export const PORT = Number(process.env.E2E_PORT ?? 4690)
export const STATES = ['admin', 'operator', 'viewer', 'stranger'] as const
export type Role = (typeof STATES)[number]

const root = resolve(import.meta.dirname, '..', '..')
export const folderOf = (base: string) => join(base, FOLDER)
export const migrationsOf = (base: string) => join(folderOf(base), 'migrations')

const ports = () => JSON.parse(readFileSync(join(folderOf(root), 'ports.json'), 'utf8')) as Record<string, number>

/** Where the product under test listens. */
export function product() {
  const at = ports()
  const url = (name: string) => `http://127.0.0.1:${at[name]}`
  return {
    url: url('console'),
    redisUrl: `redis://127.0.0.1:${at.redis}`,
    upstream: url('upstream'),
    checkouts: [url('checkout-1'), url('checkout-2')],
    worker: url('worker-1'),
  }
}

export const stateOf = (role: Role) => join(folderOf(root), 'states', `${role}.json`)

/** Tells the payment upstream how to behave. */
export async function payments(mode: 'ok' | 'fail' | 'hang' | 'schedule') {
  await fetch(`${product().upstream}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ payments: mode }),
  })
}

type Tried = { called: boolean; instance: string; code?: string }

const ask = async (url: string, name: string) => (await (await fetch(`${url}/breakers/${name}/try`)).json()) as Tried

/** What the next call through a breaker meets, asked of each checkout. */
export function tryBreaker(name: string): Promise<Tried[]> {
  return Promise.all(product().checkouts.map(url => ask(url, name)))
}

/** The same of every process that has it. */
export async function tryEverywhere(name: string): Promise<Tried[]> {
  return [...(await tryBreaker(name)), await ask(product().worker, name)]
}

/** A database of the product's Postgres, as its superuser. */
export function databaseUrl(name: string): string {
  const home = join(folderOf(root), 'postgres')
  const password = readFileSync(join(home, 'password'), 'utf8').trim()
  return `postgres://postgres:${password}@127.0.0.1:${ports().postgres}/${name}`
}

/** The fleet's Redis, to be hurt and mended. */
export const redisServer = {
  pid: () => Number(readFileSync(join(folderOf(root), 'redis', 'redis.pid'), 'utf8')),
  pause: () => process.kill(redisServer.pid(), 'SIGSTOP'),
  resume: () => process.kill(redisServer.pid(), 'SIGCONT'),
  stop: () => stopProcess(redisServer.pid()),
  async start() {
    const { port } = new URL(product().redisUrl)
    await startEmbeddedRedis({
      dir: join(folderOf(root), 'redis'),
      tools: join(root, '.substation', 'tools'),
      port: Number(port),
      persist: true,
    })
  },
  /** One that ended in order has taken its pid file along. */
  alive: () => existsSync(join(folderOf(root), 'redis', 'redis.pid')) && isAlive(redisServer.pid()),
}

const postmasterFile = () => join(embeddedPostgresHome(join(folderOf(root), 'postgres')), 'data', 'postmaster.pid')

/** The product's Postgres, the console's own and the one it watches, to be hurt and mended: its parent and every session of it. */
export const postgresServer = {
  pid: () => Number(readFileSync(postmasterFile(), 'utf8').split('\n')[0]),
  pids(): number[] {
    const parent = postgresServer.pid()
    const children = readdirSync('/proc').filter(name => /^\d+$/.test(name) && parentOf(name) === parent)
    return [parent, ...children.map(Number)]
  },
  pause() {
    for (const pid of postgresServer.pids()) process.kill(pid, 'SIGSTOP')
  },
  resume() {
    for (const pid of postgresServer.pids()) process.kill(pid, 'SIGCONT')
  },
  stop: () => stopProcess(postgresServer.pid(), 'SIGINT'),
  async start() {
    await startEmbeddedPostgres({ dir: join(folderOf(root), 'postgres'), port: ports().postgres })
  },
  alive: () => existsSync(postmasterFile()) && isAlive(postgresServer.pid()),
}

function parentOf(pid: string): number | undefined {
  try {
    // The second field is the command in brackets, which may hold anything but a last closing one.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1])
  } catch {
    return undefined
  }
}

/** The last transition that a process itself reported of this breaker, by Redis' clock (ms). */
export async function lastTransition(breaker: string, to: string, after: number): Promise<number | undefined> {
  const redis = new Redis(product().redisUrl)
  try {
    const entries = await redis.xrevrange(fleetKeys(ENVIRONMENT).events, '+', '-', 'COUNT', 200)
    const events = entries.map(
      ([, fields]) =>
        JSON.parse(fields[1] ?? '{}') as { kind: string; at: number; data: { breaker?: string; to?: string } },
    )
    return events
      .filter(
        event =>
          event.kind === 'breaker.transition' &&
          event.data.breaker === breaker &&
          event.data.to === to &&
          event.at > after,
      )
      .map(event => event.at)
      .sort()[0]
  } finally {
    redis.disconnect()
  }
}
