import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { fleetKeys, type Identity } from 'substation/fleet'
import type { BreakerReport } from 'substation/resilience'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { freePort } from '../lib/infrastructure/testing/free-port.ts'
import { isAlive } from '../lib/infrastructure/testing/server-process.ts'
import { createDatabase, redisUrl } from '../lib/infrastructure/testing/servers.ts'
import { type DemoProcess, demoFleet } from './fleet.ts'
import { seedDemo } from './seed.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
let database: Awaited<ReturnType<typeof createDatabase>>
let redis: Redis
let keys: ReturnType<typeof fleetKeys>
let processes: Map<string, DemoProcess>
const children: ChildProcess[] = []

beforeAll(async () => {
  database = await createDatabase()
  await seedDemo(database.url)
  await seedDemo(database.url)
  redis = new Redis(redisUrl())
})
afterAll(async () => {
  redis.disconnect()
  await database.drop()
})
beforeEach(async () => {
  const environment = `demo-${randomUUID().slice(0, 8)}`
  keys = fleetKeys(environment)
  const ports = { upstream: await freePort(), 'checkout-1': await freePort() }
  const settings = {
    ...{ redisUrl: redisUrl(), databaseUrl: database.url, environment, fleetKey: 'k'.repeat(40), ports },
    // One server holds all of it here.
    ...{ reportsUrl: database.url, sessionsUrl: redisUrl() },
  }
  processes = new Map(demoFleet(settings).map(each => [each.name, each]))
})
afterEach(async () => {
  await Promise.all(children.splice(0).map(stop))
})

test('the payment upstream fails: orders go on, the breaker opens in the fleet, and it recovers on its own', {
  timeout: 60_000,
}, async () => {
  const upstream = start('upstream')
  const checkout = start('checkout-1')
  await until(() => answers(checkout, '/ready'))
  await until(() => answers(upstream, '/control'))
  expect(await order(checkout)).toMatchObject({ status: 'authorised' })
  expect(await breaker('payments-api')).toMatchObject({ effective: 'closed', owner: 'payments team' })

  await control(upstream, { payments: 'fail' })
  const open = await until(async () => {
    expect(await order(checkout)).toMatchObject({ order: expect.any(String) })
    const report = await breaker('payments-api')
    return report?.effective === 'open' ? report : undefined
  })
  expect(open.lastFailure?.message).toBe('payments is out of order')
  expect(await order(checkout)).toMatchObject({ status: 'pending' })
  const before = await control(upstream, {})
  expect(await ask(checkout, '/breakers/payments-api/try')).toMatchObject({
    called: false,
    ok: false,
    instance: 'checkout-1',
  })
  expect((await control(upstream, { payments: 'ok' })).calls.payments).toBe(before.calls.payments)

  const recovered = await until(async () => {
    const tried = await ask(checkout, '/breakers/payments-api/try')
    return tried.ok ? tried : undefined
  })
  expect(recovered).toMatchObject({ called: true, instance: 'checkout-1' })
  await until(async () => (await breaker('payments-api'))?.effective === 'closed')
})

test('on SIGTERM a process says that it stops, on SIGKILL it does not', async () => {
  start('upstream')
  const polite = start('checkout-1')
  await until(() => answers(polite, '/ready'))
  polite.child.kill('SIGTERM')
  expect((await once(polite.child, 'exit'))[0]).toBe(0)
  expect((await identities())[0]?.leftAt).toBeTypeOf('number')

  const rude = start('checkout-1')
  await until(() => answers(rude, '/ready'))
  rude.child.kill('SIGKILL')
  await once(rude.child, 'exit')
  expect((await identities())[1]).not.toHaveProperty('leftAt')
})

test('a process whose parent is killed ends on its own and says so', async () => {
  const { file, env } = find('checkout-1')
  const code = `const { fork } = require('node:child_process')
    const child = fork(${JSON.stringify(file)}, { env: process.env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    console.log(child.pid)`
  const parent = spawn(process.execPath, ['-e', code], {
    cwd: ROOT,
    env: surroundings(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(parent)
  const pid = Number(String((await once(parent.stdout, 'data'))[0]))
  await until(async () => (await identities()).length === 1)
  parent.kill('SIGKILL')
  await until(() => !isAlive(pid))
  expect(await identities()).toMatchObject([{ pid, leftAt: expect.any(Number) }])
})

/** Nothing of the test runner's own. */
const surroundings = (env: Record<string, string>) => ({ PATH: process.env.PATH, NODE_ENV: 'test' as const, ...env })

interface Started {
  child: ChildProcess
  url: string
}

function start(name: string): Started {
  const { file, env, port } = find(name)
  const child = fork(file, {
    cwd: ROOT,
    env: surroundings(env),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  children.push(child)
  return { child, url: `http://127.0.0.1:${port}` }
}

function find(name: string): DemoProcess {
  const found = processes.get(name)
  if (!found) throw new Error(`the demo has no ${name}`)
  return found
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

async function ask(from: Started, path: string, send?: unknown) {
  const init = send === undefined ? {} : { method: 'POST', body: JSON.stringify(send) }
  const response = await fetch(from.url + path, init)
  return (await response.json()) as Record<string, unknown>
}
const order = (checkout: Started) => ask(checkout, '/orders', { product: 1, customer: 1 })
const control = async (upstream: Started, modes: object) =>
  (await ask(upstream, '/control', modes)) as { calls: { payments: number } }
const answers = (from: Started, path: string) =>
  fetch(from.url + path)
    .then(response => response.ok)
    .catch(() => false)

/** Everyone who ever registered in this environment, the oldest first: ids are ULIDs. */
async function identities(): Promise<Identity[]> {
  const ids = await redis.zrange(keys.processes, 0, -1)
  const texts = await Promise.all(ids.sort().map(id => redis.get(keys.identity(id))))
  return texts.flatMap(text => (text ? [JSON.parse(text) as Identity] : []))
}

/** As the console would read it. */
async function breaker(name: string): Promise<BreakerReport | undefined> {
  const [id] = await redis.zrange(keys.processes, -1, -1)
  const text = id === undefined ? null : await redis.get(keys.detail(id, 'breakers'))
  const { items } = JSON.parse(text ?? '{"items":[]}') as { items: BreakerReport[] }
  return items.find(report => report.name === name)
}

/** Asks again until the answer is neither false nor undefined; the test's own time limit is the limit. */
async function until<T>(question: () => Promise<T> | T): Promise<Exclude<T, false | undefined>> {
  for (;;) {
    const answer = await question()
    if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
