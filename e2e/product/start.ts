import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { request } from '@playwright/test'
import { folderOf, type Place, PORT, postgresServer, product, redisServer, STATES, stateOf } from './product.ts'
import { signIn } from './sign-in.ts'

const root = resolve(import.meta.dirname, '..', '..')
/** A start that takes longer has hung (ms). */
const LONGEST_START = 240_000

/** The product that journeys share; `@apart` starts its own (test.ts). */
export default () => startProduct('shared')

/** Starts the whole product as `npm start` does, in a folder of its own, and signs each role in once. Returns what stops it. */
export async function startProduct(place: Place): Promise<() => Promise<void>> {
  const folder = join(root, folderOf(place))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'states'), { recursive: true })
  const migrations = join(folder, 'migrations')
  cpSync(join(root, 'demo', 'migrations'), migrations, { recursive: true })
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'scripts', 'start', 'main.ts')],
    {
      cwd: root,
      env: {
        ...withoutServers(process.env),
        SUBSTATION_FOLDER: folder,
        SUBSTATION_PORT: String(place === 'apart' ? PORT + 1 : PORT),
        DEMO_MIGRATIONS: migrations,
        DEMO_MISSED_FOR: '20000',
        // No journey expects that a process of the demo leaves on its own.
        DEMO_RELEASES: 'off',
        SUBSTATION_LOG_LEVEL: 'warn',
        // The demo's caches save the origin some lookups a second.
        SUBSTATION_ORIGIN_LOAD_LIMIT: '1',
        // Long enough to look at every page after Postgres has stopped, however busy the machine is.
        SUBSTATION_SESSION_BELIEVED_MS: place === 'apart' ? '15000' : undefined,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  await new Promise<void>((ready, failed) => {
    let said = ''
    const fail = () => failed(new Error(`the product did not start:\n${said}`))
    const overdue = setTimeout(fail, LONGEST_START)
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (!said.includes('Ctrl-C stops everything')) return
      clearTimeout(overdue)
      ready()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', fail)
  })
  writeFileSync(join(folder, 'pid'), String(child.pid))
  for (const role of STATES) {
    const context = await request.newContext()
    await signIn(context, product(folder).url, role)
    await context.storageState({ path: stateOf(role, folder) })
    await context.dispose()
  }
  return async () => {
    const ended = new Promise(done => child.once('exit', done))
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
    if (child.exitCode === null && child.signalCode === null) await ended
    clearTimeout(late)
    // One that a journey has stopped and started again is nobody's child.
    if (redisServer.alive(folder)) await redisServer.stop(folder)
    if (postgresServer.alive(folder)) await postgresServer.stop(folder)
    // What the console logged is worth a look when a journey failed.
    const log = join(folder, 'logs', 'console.log')
    if (existsSync(log) && process.env.SUBSTATION_DEBUG) process.stdout.write(readFileSync(log, 'utf8'))
  }
}

/** The product under test brings its own servers, whatever the machine has set. */
function withoutServers(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !/^(SUBSTATION_|DATABASE_URL$|REDIS_URL$|PORT$)/.test(name)),
  ) as NodeJS.ProcessEnv
}
