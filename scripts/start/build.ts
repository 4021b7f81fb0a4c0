import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SOURCES = [
  'app',
  'components',
  'lib',
  'drizzle',
  'public',
  'package-lock.json',
  'next.config.ts',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation.ts',
  'tsconfig.json',
]
const STAMP = join('.next', 'substation-build')

/** Builds the console unless what is built is what the sources say. True: it was built. */
export async function buildConsole(root: string, log: string): Promise<boolean> {
  const digest = digestOf(root)
  const stamp = join(root, STAMP)
  const server = join(root, '.next', 'standalone', 'server.js')
  if (existsSync(stamp) && existsSync(server) && readFileSync(stamp, 'utf8') === digest) return false
  rmSync(stamp, { force: true })
  await nextBuild(root, log)
  // The standalone server brings its modules along, but not what browsers load.
  const standalone = join(root, '.next', 'standalone')
  rmSync(join(standalone, '.next', 'static'), { recursive: true, force: true })
  cpSync(join(root, '.next', 'static'), join(standalone, '.next', 'static'), { recursive: true })
  if (existsSync(join(root, 'public'))) cpSync(join(root, 'public'), join(standalone, 'public'), { recursive: true })
  writeFileSync(stamp, digest)
  return true
}

function nextBuild(root: string, log: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'], {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey(root),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('exit', code => {
      mkdirSync(join(log, '..'), { recursive: true })
      writeFileSync(log, Buffer.concat(chunks))
      if (code === 0) resolve()
      else reject(new Error(`The console could not be built:\n${Buffer.concat(chunks).toString().slice(-4_000)}`))
    })
  })
}

/**
 * Names the server action the same in every build, so that a page opened before an update can still act after it. Replicas
 * that are built apart must be given the same one.
 */
function actionsKey(root: string): string {
  const given = process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY
  if (given) return given
  const file = join(root, '.substation', 'actions-key')
  if (!existsSync(file)) {
    mkdirSync(join(root, '.substation'), { recursive: true })
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 })
  }
  return readFileSync(file, 'utf8')
}

function digestOf(root: string): string {
  const hash = createHash('sha256')
  const visit = (path: string) => {
    const full = join(root, path)
    if (!existsSync(full)) return
    const entries = isFolder(full) ? readdirSync(full, { withFileTypes: true }) : undefined
    if (!entries) {
      hash.update(path).update(readFileSync(full))
      return
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!/\.(test|contract)\.tsx?$/.test(entry.name)) visit(join(path, entry.name))
    }
  }
  for (const source of SOURCES) visit(source)
  return hash.digest('hex')
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path)
    return true
  } catch {
    return false
  }
}
