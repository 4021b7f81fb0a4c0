import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from '@playwright/test'
import { Redis } from 'ioredis'
import { fleetKeys } from '../../lib/infrastructure/fleet/index.ts'
import { embeddedPostgresHome, startEmbeddedPostgres } from '../../lib/infrastructure/testing/embedded-postgres.ts'
import { startEmbeddedRedis } from '../../lib/infrastructure/testing/embedded-redis.ts'
import { isAlive, stopProcess } from '../../lib/infrastructure/testing/server-process.ts'

/**
 * Journeys go side by side on one product, each with queues, caches and services of its own. Some cannot:
 * `@apart` stops or floods what others look at, or needs that nobody else acts: one after the other, on a second product;
 * `@payments` decides whether payments go through: one after the other, on the product of all.
 */
export const APART = '@apart'
export const PAYMENTS = '@payments'

export type Place = 'shared' | 'apart'

export const placeOf = (project: string): Place => (project === 'apart' ? 'apart' : 'shared')
export const folderOf = (place: Place) => join('.substation', place === 'apart' ? 'e2e-apart' : 'e2e')
/** The folder of the product that the running journey looks at. */
const here = () => join(root, folderOf(placeOf(test.info().project.name)))

export const ENVIRONMENT = 'demo'
/** Where the product under test is asked to listen; journeys that start one of their own take the ports after it. */
export const PORT = Number(process.env.E2E_PORT ?? 4690)
export const STATES = ['admin', 'operator', 'viewer', 'stranger'] as const
export type Role = (typeof STATES)[number]

const root = resolve(import.meta.dirname, '..', '..')
/** Where its demo finds its migrations: a copy, so that a journey can break what it needs broken. */
export const migrationsFolder = () => join(here(), 'migrations')

const portsOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')) as Record<string, number>
const ports = () => portsOf(here())

/** What its processes share, and no one else may know. */
export const secrets = () => JSON.parse(readFileSync(join(here(), 'secrets.json'), 'utf8')) as { fleetKey: string }

/** Where the product under test listens. */
export function product(folder = here()) {
  const at = portsOf(folder)
  const url = (name: string) => `http://127.0.0.1:${at[name]}`
  return {
    url: url('console'),
    redisUrl: `redis://127.0.0.1:${at.redis}`,
    upstream: url('upstream'),
    checkouts: [url('checkout-1'), url('checkout-2')],
    worker: url('worker-1'),
  }
}

export const stateOf = (role: Role, folder = here()) => join(folder, 'states', `${role}.json`)

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
  const home = join(here(), 'postgres')
  const password = readFileSync(join(home, 'password'), 'utf8').trim()
  return `postgres://postgres:${password}@127.0.0.1:${ports().postgres}/${name}`
}

/** The fleet's Redis, to be hurt and mended. */
export const redisServer = {
  pid: (folder = here()) => Number(readFileSync(join(folder, 'redis', 'redis.pid'), 'utf8')),
  pause: () => process.kill(redisServer.pid(), 'SIGSTOP'),
  resume: () => process.kill(redisServer.pid(), 'SIGCONT'),
  stop: (folder = here()) => stopProcess(redisServer.pid(folder)),
  async start() {
    const { port } = new URL(product().redisUrl)
    await startEmbeddedRedis({
      dir: join(here(), 'redis'),
      tools: join(root, '.substation', 'tools'),
      port: Number(port),
      persist: true,
    })
  },
  /** One that ended in order has taken its pid file along. */
  alive: (folder = here()) => existsSync(join(folder, 'redis', 'redis.pid')) && isAlive(redisServer.pid(folder)),
}

const postmasterFile = (folder: string) =>
  join(embeddedPostgresHome(join(folder, 'postgres')), 'data', 'postmaster.pid')

/** The product's Postgres, the console's own and the one it watches, to be hurt and mended: its parent and every session of it. */
export const postgresServer = {
  pid: (folder = here()) => Number(readFileSync(postmasterFile(folder), 'utf8').split('\n')[0]),
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
  stop: (folder = here()) => stopProcess(postgresServer.pid(folder), 'SIGINT'),
  async start() {
    await startEmbeddedPostgres({ dir: join(here(), 'postgres'), port: ports().postgres })
  },
  alive: (folder = here()) => existsSync(postmasterFile(folder)) && isAlive(postgresServer.pid(folder)),
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
