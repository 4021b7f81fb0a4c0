import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { messageOf } from '../../core/errors.ts'
import { freePort } from './free-port.ts'
import { isAlive, spawnServer, stopProcess } from './server-process.ts'

const run = promisify(execFile)
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1']

export interface EmbeddedRedis {
  readonly url: string
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

export interface RedisProgram {
  path: string
  env: NodeJS.ProcessEnv
  /** Where the program came from, for people. */
  origin: string
}

/**
 * A redis-server that can be run: one on PATH (or valkey-server), else Debian's package unpacked into `tools`, which needs
 * no rights and changes nothing on the system. Rejects with what to install when neither is available.
 */
export async function findRedis(tools: string): Promise<RedisProgram> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const dir of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(dir, name)
      if (dir && existsSync(path)) return { path, env: process.env, origin: path }
    }
  }
  const root = resolve(tools, 'redis')
  const unpacked = unpackedRedis(root)
  if (unpacked) return unpacked
  await unpackOnce(root).catch((cause: unknown) => {
    throw new Error(
      "There is no redis-server here and Debian's package could not be unpacked. Install Redis (apt install redis-server, brew install redis) or set SUBSTATION_REDIS_URL.",
      { cause },
    )
  })
  const found = unpackedRedis(root)
  if (!found) throw new Error(`Debian's redis package was unpacked to ${root}, but contains no redis-server`)
  return found
}

function unpackedRedis(root: string): RedisProgram | undefined {
  const path = join(root, 'usr', 'bin', 'redis-server')
  if (!existsSync(path)) return
  const lib = join(root, 'usr', 'lib')
  const folders = existsSync(lib) ? readdirSync(lib, { withFileTypes: true }).filter(entry => entry.isDirectory()) : []
  const search = folders.map(entry => join(lib, entry.name)).join(delimiter)
  return { path, env: { ...process.env, LD_LIBRARY_PATH: search }, origin: 'unpacked from Debian' }
}

/** Two servers that start side by side may both find nothing: each unpacks for itself, and the first that is done is kept. */
async function unpackOnce(root: string): Promise<void> {
  mkdirSync(dirname(root), { recursive: true })
  const own = mkdtempSync(`${root}-`)
  try {
    await unpackDebianRedis(own)
    if (unpackedRedis(root)) return
    rmSync(root, { recursive: true, force: true })
    renameSync(own, root)
  } catch (error) {
    if (!unpackedRedis(root)) throw error
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

async function unpackDebianRedis(root: string) {
  const downloads = join(root, 'downloads')
  mkdirSync(downloads, { recursive: true })
  try {
    await run('apt-get', ['download', ...PACKAGES], { cwd: downloads })
  } catch {
    // A fresh machine has no package lists; we fetch them into a folder of ours, so that the system's stay unchanged.
    const lists = join(root, 'apt')
    for (const folder of ['lists/partial', 'cache/archives/partial'])
      mkdirSync(join(lists, folder), { recursive: true })
    const own = [
      '-o',
      `Dir::State::Lists=${join(lists, 'lists')}`,
      '-o',
      `Dir::Cache=${join(lists, 'cache')}`,
      '-o',
      'Debug::NoLocking=1',
      '-o',
      'APT::Sandbox::User=',
    ]
    await run('apt-get', [...own, 'update'])
    await run('apt-get', [...own, 'download', ...PACKAGES], { cwd: downloads })
  }
  for (const file of readdirSync(downloads))
    if (file.endsWith('.deb')) await run('dpkg', ['-x', join(downloads, file), root])
  rmSync(downloads, { recursive: true, force: true })
}

export interface EmbeddedRedisOptions {
  dir: string
  /** Where an unpacked redis-server is kept between starts. */
  tools: string
  port?: number
  /** Keep data over restarts (append-only file). */
  persist?: boolean
  /** A node of a Redis Cluster, which has no slots yet. */
  cluster?: boolean
  /** Additional arguments. */
  args?: string[]
  /** Resolve while it may still be loading its data. */
  loading?: boolean
}

/** Starts a real redis-server on 127.0.0.1. One left behind by a killed parent in the same folder is stopped first. */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const program = await findRedis(options.tools)
  const dir = resolve(options.dir)
  mkdirSync(dir, { recursive: true })
  const pidFile = join(dir, 'redis.pid')
  await stopLeftover(pidFile)
  const port = await freePort(options.port ?? 0)
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--pidfile',
    pidFile,
    '--daemonize',
    'no',
    '--save',
    '',
    '--appendonly',
    options.persist ? 'yes' : 'no',
    '--maxmemory-policy',
    'noeviction',
    // Rewritten once it has doubled: the default minimum is 64 MB, which every start would have to read.
    '--auto-aof-rewrite-min-size',
    '8mb',
    ...(options.args ?? []),
  ]
  // The default port of the bus is the server's plus 10,000, which may exceed 65,535.
  if (options.cluster) args.push('--cluster-enabled', 'yes', '--cluster-port', String(await freePort()))
  const log = join(dir, 'redis.log')
  const child = spawnServer(program.path, args, { log, env: program.env })
  if (child.pid === undefined) throw new Error(`Redis could not be started from ${program.path}`)
  const pid = child.pid
  child.unref()
  if (!options.loading) await waitUntilReady(port, pid, log)
  return { url: `redis://127.0.0.1:${port}`, port, pid, stop: () => stopProcess(pid) }
}

async function stopLeftover(pidFile: string) {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8'))
  if (pid && isAlive(pid) && isRedis(pid)) await stopProcess(pid)
  rmSync(pidFile, { force: true })
}

/** After a reboot the old pid may belong to any process. */
function isRedis(pid: number): boolean {
  if (process.platform !== 'linux') return true
  try {
    return /(redis|valkey)-server/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits as long as the server loads its data; gives up after twenty seconds without an answer. */
async function waitUntilReady(port: number, pid: number, log: string) {
  let deadline = performance.now() + 20_000
  for (;;) {
    const redis = new Redis(port, '127.0.0.1', {
      lazyConnect: true,
      enableReadyCheck: false,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    })
    redis.on('error', () => {})
    try {
      await redis.connect()
      await redis.ping()
      return
    } catch (error) {
      if (/^LOADING/.test(messageOf(error))) deadline = performance.now() + 20_000
      if (!isAlive(pid) || performance.now() > deadline) {
        throw new Error(`Redis did not start; its log is ${log}`, { cause: error })
      }
      await new Promise(resolve => setTimeout(resolve, 30))
    } finally {
      redis.disconnect()
    }
  }
}
