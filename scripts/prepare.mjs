// Runs before anything is installed, on the machine's own Node (20 or newer): plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const marker = join(root, 'node_modules', '.substation-installed')

/**
 * Installs what the lockfile names, unless it is there already. `start`: what `npm start` runs, the dependencies of
 * package.json. `everything`: also what only tests, benches and the package need, the devDependencies.
 */
export function installDependencies(kind) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const installed = installedOf(lock)
  if (installed === 'everything' || installed === kind) return
  const began = Date.now()
  process.stdout.write(
    kind === 'start'
      ? '  Installing packages (up to a minute the first time)…\n'
      : '  Installing packages, with those that only tests and benches need (a minute or two the first time)…\n',
  )
  // NODE_ENV=production must not decide what is installed. What a start has installed is added to, not replaced: it may be running.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const install = kind === 'start' ? ['ci', '--omit=dev'] : installed ? ['install', '--no-save'] : ['ci']
  const { status } = spawnSync(
    npm,
    [...install, ...(kind === 'start' ? [] : ['--include=dev']), '--no-audit', '--no-fund'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    },
  )
  if (status !== 0) {
    process.stderr.write(
      '\nThe packages could not be installed; npm says why above. Check the network and the npm registry, then start again.\n',
    )
    process.exit(status ?? 1)
  }
  mkdirSync(dirname(marker), { recursive: true })
  writeFileSync(marker, `${kind} ${lock}`)
  process.stdout.write(`✓ Packages installed (${((Date.now() - began) / 1000).toFixed(1)} s)\n`)
}

/** What is installed of this lockfile: `start`, `everything`, or nothing that could be used. */
function installedOf(lock) {
  if (!existsSync(marker) || !existsSync(ownNode())) return undefined
  const [kind, of] = readFileSync(marker, 'utf8').split(' ')
  return of === lock ? kind : undefined
}

/** The Node that the project brings along, so that one version runs everywhere. */
export function ownNode() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** What Node has compiled once it need not compile at the next start; gone with the packages. */
export const compiled = join(root, 'node_modules', '.cache', 'node')

/** Hands over to a TypeScript program on our own Node, with `variables`; its exit is ours, and so are the signals. */
export function handOver(program, variables = {}) {
  const path = `${dirname(ownNode())}:${join(root, 'node_modules', '.bin')}:${process.env.PATH}`
  const child = spawn(
    ownNode(),
    ['--disable-warning=ExperimentalWarning', join(root, program), ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...variables, PATH: path } },
  )
  // A terminal sends Ctrl-C to both; the child ends things in order and this process waits for it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  // npm told to end leaves it to a shell in between, which ends without a word to us: all that shows is who our parent is.
  const parent = process.ppid
  const orphaned = setInterval(() => {
    if (process.ppid === parent) return
    // Once: a second signal would not wait.
    clearInterval(orphaned)
    child.kill('SIGTERM')
  }, 1_000).unref()
  if (process.env.npm_lifecycle_event === undefined) clearInterval(orphaned)
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}
