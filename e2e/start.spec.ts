import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { Redis } from 'ioredis'
import { isAlive, stopProcess } from '../lib/infrastructure/testing/server-process.ts'
import { APART, PORT } from './product/product.ts'
import { expect, test } from './product/test.ts'

const root = resolve(import.meta.dirname, '..')
const FOLDER = join('.substation', 'e2e-start')

test.describe.configure({ timeout: 300_000 })

interface Started {
  child: ChildProcess
  said(): string
  /** Resolves with how it ended. */
  ended: Promise<number | null>
}

const started: ChildProcess[] = []

interface How {
  args?: string[]
  /** As the README says it: npm, a shell and another Node stand in between. */
  throughNpm?: boolean
}

function start(variables: Record<string, string> = {}, { args = [], throughNpm = false }: How = {}): Started {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(SUBSTATION_|DATABASE_URL$|REDIS_URL$|PORT$)/.test(name)),
  )
  const program = join(root, 'scripts', 'start', 'main.ts')
  const child = spawn(
    throughNpm ? 'npm' : process.execPath,
    throughNpm ? ['start', '--', ...args] : ['--disable-warning=ExperimentalWarning', program, ...args],
    {
      cwd: root,
      env: {
        ...env,
        SUBSTATION_FOLDER: FOLDER,
        SUBSTATION_PORT: String(PORT + 150),
        ...variables,
      } as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  started.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  return { child, said: () => text, ended: new Promise(done => child.once('exit', code => done(code))) }
}

const ready = (started: Started) =>
  expect.poll(() => started.said(), { timeout: 120_000, intervals: [100] }).toContain('Ctrl-C stops everything')
const pidOf = (...path: string[]) => Number(readFileSync(join(root, FOLDER, ...path), 'utf8').split('\n')[0])
/** Which of the ports still answer. */
async function answering(candidates: number[]): Promise<number[]> {
  const taken = await Promise.all(
    candidates.map(
      port =>
        new Promise<boolean>(done => {
          const socket = connect(port, '127.0.0.1', () => done(true)).once('error', () => done(false))
          socket.once('connect', () => socket.destroy())
        }),
    ),
  )
  return candidates.filter((_, at) => taken[at])
}
const ports = () => JSON.parse(readFileSync(join(root, FOLDER, 'ports.json'), 'utf8')) as Record<string, number>

// A journey that fails half way must not leave a product behind for the next one.
test.afterEach(async () => {
  await Promise.all(
    started.splice(0).map(child => (child.pid === undefined ? undefined : stopProcess(child.pid, 'SIGTERM', 20_000))),
  )
})

test.beforeEach(() => rmSync(join(root, FOLDER), { recursive: true, force: true }))

test('killed with SIGKILL, the next start recovers, at the same address and with its data; then all ends in order', {
  tag: APART,
}, async () => {
  const first = start()
  await ready(first)
  const servers = { postgres: pidOf('postgres', 'data', 'postmaster.pid'), redis: pidOf('redis', 'redis.pid') }
  const before = ports()
  const redis = new Redis(`redis://127.0.0.1:${before.redis}`)
  // By default it writes its append-only file once a second.
  await redis.config('SET', 'appendfsync', 'always')
  await redis.set('kept', 'yes')
  redis.disconnect()
  first.child.kill('SIGKILL')
  await first.ended
  // The console and the demo notice that no one is left who could stop them; the servers stay for the next start to find.
  const { postgres: _, redis: __, sessions: ___, ...ofChildren } = before
  await expect.poll(() => answering(Object.values(ofChildren)), { timeout: 60_000 }).toEqual([])

  const second = start()
  await ready(second)
  expect(ports()).toEqual(before)
  expect(isAlive(servers.redis)).toBe(false)
  const again = new Redis(`redis://127.0.0.1:${before.redis}`)
  expect(await again.get('kept')).toBe('yes')
  again.disconnect()

  const third = start()
  expect(await third.ended).toBe(1)
  expect(third.said()).toContain('Substation is running here already')

  const running = [pidOf('postgres', 'data', 'postmaster.pid'), pidOf('redis', 'redis.pid')]
  second.child.kill('SIGINT')
  expect(await second.ended).toBe(0)
  for (const pid of running) expect(isAlive(pid)).toBe(false)
  expect(existsSync(join(root, FOLDER, 'lock'))).toBe(false)
})

test('attached to existing servers, it shows their health and writes nothing there', { tag: APART }, async ({
  browser,
}) => {
  const other = start(
    { SUBSTATION_FOLDER: join('.substation', 'e2e-theirs'), SUBSTATION_PORT: String(PORT + 160) },
    { throughNpm: true },
  )
  await ready(other)
  const theirs = JSON.parse(readFileSync(join(root, '.substation', 'e2e-theirs', 'ports.json'), 'utf8')) as Record<
    string,
    number
  >
  const redis = new Redis(`redis://127.0.0.1:${theirs.redis}/1`)
  const attached = start({
    REDIS_URL: `redis://127.0.0.1:${theirs.redis}/1`,
    DATABASE_URL: 'postgres://nobody:wrong@127.0.0.1:1/app',
  })
  await ready(attached)
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${ports().console}/local/health`)
  await page.getByRole('link', { name: 'Continue with GitHub' }).click()
  await page.getByRole('button', { name: /operator/i }).click()
  await expect(page.getByText('noeviction').first()).toBeVisible()
  await expect(
    page.getByText(/Postgres database (refuses connections|does not answer|cannot be reached)/).first(),
  ).toBeVisible()
  expect(await page.locator('body').innerText()).not.toContain('wrong')
  expect(await redis.dbsize()).toBe(0)
  await page.close()
  redis.disconnect()
  attached.child.kill('SIGTERM')
  expect(await attached.ended).toBe(0)
  // Ending npm, as a service manager does, ends all of it.
  other.child.kill('SIGTERM')
  await other.ended
  await expect.poll(() => existsSync(join(root, '.substation', 'e2e-theirs', 'lock')), { timeout: 15_000 }).toBe(false)
  rmSync(join(root, '.substation', 'e2e-theirs'), { recursive: true, force: true })
})

test('half a configuration, a listener for everybody, and a port that is none are refused in plain words', {
  tag: APART,
}, async () => {
  const half = start({ SUBSTATION_DATABASE_URL: 'mysql://x' })
  expect(await half.ended).toBe(1)
  for (const name of [
    'SUBSTATION_DATABASE_URL',
    'SUBSTATION_REDIS_URL',
    'SUBSTATION_SECRET',
    'SUBSTATION_FLEET_KEY',
    'SUBSTATION_GITHUB_CLIENT_ID',
    'SUBSTATION_ADMINS',
  ])
    expect(half.said()).toContain(name)
  expect(half.said()).not.toMatch(/\bat .*\.ts:\d+/)
  const open = start({}, { args: ['--host', '0.0.0.0'] })
  expect(await open.ended).toBe(1)
  expect(open.said()).toContain('Listening on 0.0.0.0 is refused')
  const port = start({ PORT: 'web', SUBSTATION_PORT: '' })
  expect(await port.ended).toBe(1)
  expect(port.said()).toContain('whole number')
})
