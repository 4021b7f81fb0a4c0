import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { request } from '@playwright/test'
import { FOLDER, folderOf, migrationsOf, PORT, postgresServer, product, redisServer, STATES } from './product.ts'
import { signIn } from './sign-in.ts'

const root = resolve(import.meta.dirname, '..', '..')

/** Starts the whole product as `npm start` does, in a folder of its own, and signs each role in once. */
export default async function start() {
  const folder = folderOf(root)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // A copy, so that a journey can break what it needs broken.
  cpSync(join(root, 'demo', 'migrations'), migrationsOf(root), { recursive: true })
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'scripts', 'start', 'main.ts')],
    {
      cwd: root,
      env: {
        ...withoutServers(process.env),
        SUBSTATION_FOLDER: FOLDER,
        SUBSTATION_PORT: String(PORT),
        DEMO_MIGRATIONS: migrationsOf(root),
        DEMO_MISSED_FOR: '20000',
        SUBSTATION_LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const deadline = Date.now() + 240_000
  while (!said.includes('Ctrl-C stops everything')) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the product did not start:\n${said}`)
    await new Promise(done => setTimeout(done, 100))
  }
  writeFileSync(join(folder, 'pid'), String(child.pid))
  mkdirSync(join(folder, 'states'), { recursive: true })
  for (const role of STATES) {
    const context = await request.newContext()
    await signIn(context, product().url, role)
    await context.storageState({ path: join(folder, 'states', `${role}.json`) })
    await context.dispose()
  }
  return async () => {
    child.kill('SIGTERM')
    const ended = await new Promise<boolean>(done => {
      const late = setTimeout(() => done(false), 20_000)
      child.once('exit', () => {
        clearTimeout(late)
        done(true)
      })
    })
    if (!ended) child.kill('SIGKILL')
    // One that a journey has stopped and started again is nobody's child.
    if (redisServer.alive()) await redisServer.stop()
    if (postgresServer.alive()) await postgresServer.stop()
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
