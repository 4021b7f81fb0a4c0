import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readConfigurationFile } from '../../lib/console/platform/settings/configuration-file.ts'
import { readSettings } from '../../lib/console/platform/settings/read.ts'
import { messageOf } from '../../lib/core/errors.ts'
import { ConfigError } from '../../lib/infrastructure/config/index.ts'
import { buildConsole } from './build.ts'
import { openChildren } from './children.ts'
import { startConsole } from './console.ts'
import { startDemo } from './demo.ts'
import { embed } from './embed.ts'
import { FolderInUseError, openFolder } from './folder.ts'
import { PEOPLE } from './identity-provider.ts'
import { RefusedStartError, type Start, startOf } from './mode.ts'
import { sideBySide, step } from './steps.ts'
import { onStop } from './stop.ts'

const root = resolve(import.meta.dirname, '..', '..')
const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version

async function main() {
  const config = resolve(root, process.env.SUBSTATION_CONFIG ?? 'substation.config.ts')
  const start = startOf(process.env, process.argv.slice(2), existsSync(config))
  const began = performance.now()
  process.stdout.write(`\nSubstation ${version}: ${describe(start)}\n\n`)
  // Half a configuration is reported at once, before anything is built.
  if (start.mode === 'real') await readSettings({ SUBSTATION_URL: `http://localhost:${start.port}`, ...process.env })
  else await readConfigurationFile(config)

  const folder = openFolder(resolve(root, process.env.SUBSTATION_FOLDER ?? '.substation'))
  const children = openChildren(join(folder.path, 'logs'), (name, how) =>
    process.stdout.write(`! ${name} ended (${how})${name === 'console' ? '; starting it again' : ''}\n`),
  )
  const stop = onStop()
  stop.add('folder', async () => folder.release())

  const port = await folder.port('console', start.port)
  if (port !== start.port)
    process.stdout.write(`  Port ${start.port} is taken, or was the last time, so this console is on ${port}.\n`)
  const url = `http://127.0.0.1:${port}`
  const [embedded] = await sideBySide([
    start.mode === 'real' ? undefined : embed({ folder, url, mode: start.mode, root, stop }),
    start.dev ? undefined : build(folder.path),
  ])
  // Ended before the servers, so that each can still say to the fleet that it stops.
  stop.add('processes', () => children.stop())
  const env: Record<string, string | undefined> = {
    ...embedded?.env,
    SUBSTATION_MODE: start.mode,
    SUBSTATION_URL: process.env.SUBSTATION_URL ?? url,
    SUBSTATION_CONFIG: config,
    NODE_ENV: start.dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_MANUAL_SIG_HANDLE: 'true',
    // Longer than proxies keep theirs (60 s): a connection that is closed just as it is used again is a failed request.
    KEEP_ALIVE_TIMEOUT: process.env.KEEP_ALIVE_TIMEOUT ?? '75000',
    npm_package_version: version,
    HOSTNAME: start.host,
    PORT: String(port),
  }
  const starting = step('Start the console', async say => {
    const server = start.dev
      ? { file: join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), args: ['dev', '-H', start.host], cwd: root }
      : { file: join(root, '.next', 'standalone', 'server.js') }
    const spec = { name: 'console', ...server, env, restartAfterMs: 1_000 }
    await startConsole(children, spec, url, start.mode === 'real' ? '/api/health/live' : undefined)
    say('Console is up')
  })
  const [demo] = await sideBySide([
    embedded?.demo && startDemo({ ...embedded.demo, folder, children, root, version }),
    starting,
  ])
  if (start.mode === 'real' && !(await isReady(url)))
    process.stdout.write(
      `! Its own Postgres (SUBSTATION_DATABASE_URL) cannot be used yet, so nobody can sign in. Why is in ${join(folder.path, 'logs', 'console.log')}.\n`,
    )
  report(start, url, performance.now() - began, demo)
}

/** Waits a moment for the store: a console that has just started is still bringing its tables up to date. */
async function isReady(url: string): Promise<boolean> {
  for (const deadline = performance.now() + 8_000; performance.now() < deadline; ) {
    const answer = await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined)
    if (answer?.ok) return true
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  return false
}

const build = (folder: string) =>
  step(
    'Build the console',
    async say =>
      say((await buildConsole(root, join(folder, 'logs', 'build.log'))) ? 'Console built' : 'Console built already'),
    'the first time it takes a minute or two',
  )

function describe({ mode }: Start): string {
  if (mode === 'real') return 'the console, on the servers configured'
  return mode === 'attached' ? 'a local console attached to your servers' : 'a local console with a demo fleet'
}

function report(start: Start, url: string, ms: number, demo: { faults: string } | undefined) {
  const lines = ['', `  Open ${process.env.SUBSTATION_URL ?? url}   (ready in ${(ms / 1000).toFixed(1)} s)`, '']
  if (start.mode !== 'real') {
    lines.push('  Sign in with GitHub or Google (a local provider plays both; nothing leaves this machine) as')
    for (const { name, role } of PEOPLE)
      lines.push(`    ${name.padEnd(10)} ${role ?? 'no role: sees the access-denied page'}`)
    lines.push('')
  }
  if (demo) lines.push(`  ${demo.faults}`, '')
  lines.push('  Ctrl-C stops everything.', '')
  process.stdout.write(`${lines.join('\n')}\n`)
}

main().catch(async error => {
  const known = error instanceof ConfigError || error instanceof RefusedStartError || error instanceof FolderInUseError
  process.stderr.write(`\n${known ? error.message : `Substation could not start: ${messageOf(error)}`}\n`)
  if (error instanceof ConfigError && error.nextStep)
    process.stderr.write(`${error.nextStep} docs/configuration.md tells what each is.\n`)
  if (!known && process.env.SUBSTATION_DEBUG) process.stderr.write(`${(error as Error).stack}\n`)
  await onStop().run()
  process.exit(1)
})
