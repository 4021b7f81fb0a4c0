import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPackage, importedPackages } from '../scripts/build-package.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const inRepository = (name: string) => join(root, 'node_modules', name)

interface Manifest {
  exports: Record<string, { types: string; default: string }>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
  peerDependenciesMeta: Record<string, { optional: boolean }>
}

let workshop: string
let service: string
let installed: string
/** What installing it has put beside it. */
let brought: string[]
let manifest: Manifest
let packed: { size: number; unpackedSize: number; files: { path: string }[] }

beforeAll(async () => {
  workshop = await mkdtemp(join(tmpdir(), 'substation-package-'))
  const built = join(workshop, 'built')
  service = join(workshop, 'service')
  installed = join(service, 'node_modules/substation')
  await buildPackage(built)
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', workshop], { cwd: built })
  const [report] = Object.values(JSON.parse(stdout) as Record<string, typeof packed & { filename: string }>)
  packed = report!
  // As a user would, from the packed file; its two dependencies come from this repository instead of the registry.
  await mkdir(service)
  const local = (name: string) => [name, `file:${inRepository(name)}`] as const
  await writeFile(
    join(service, 'package.json'),
    JSON.stringify({
      name: 'service',
      private: true,
      type: 'module',
      dependencies: {
        substation: `file:${join(workshop, report!.filename)}`,
        ...Object.fromEntries(['zod', 'ulid'].map(local)),
      },
    }),
  )
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: service })
  brought = (await readdir(join(service, 'node_modules'))).filter(name => !name.startsWith('.')).sort()
  manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Manifest
}, 400_000)

afterAll(() => rm(workshop, { recursive: true, force: true }))

/** Links packages of this repository into the service, as if it had installed just these beside the package itself. */
async function haveOnly(names: string[]) {
  const before = await readdir(join(service, 'node_modules'))
  for (const name of before.filter(name => !['substation', 'ulid', 'zod'].includes(name)))
    await rm(join(service, 'node_modules', name), { recursive: true, force: true })
  for (const name of names) {
    const target = join(service, 'node_modules', name)
    await mkdir(dirname(target), { recursive: true })
    await symlink(inRepository(name), target)
  }
}

async function runService(source: string): Promise<string> {
  await writeFile(join(service, 'service.js'), source)
  return (await run(process.execPath, ['service.js'], { cwd: service })).stdout
}

/** What a strict consumer's compiler says of its own file and of this package; drizzle's own types do not compile. */
async function typeCheck(source: string): Promise<string[]> {
  await writeFile(join(service, 'consumer.ts'), source)
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--types',
    'node',
    'consumer.ts',
  ]
  const output = await run(process.execPath, [inRepository('typescript/bin/tsc'), ...options], { cwd: service }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
  return output.split('\n').filter(line => /^(consumer\.ts|node_modules\/substation\/|error)/.test(line))
}

const importAll = (entries: string[]) =>
  entries.map((entry, i) => `import * as entry${i} from 'substation/${entry}'\nvoid entry${i}`).join('\n')

test('the package brings two dependencies; every SDK is an optional peer', async () => {
  expect(brought).toEqual(['substation', 'ulid', 'zod'])
  expect(Object.keys(manifest.dependencies)).toEqual(['ulid', 'zod'])
  expect(Object.keys(manifest.peerDependencies)).toEqual(
    expect.arrayContaining(['awilix', 'ioredis', 'pino', 'prom-client']),
  )
  expect(Object.values(manifest.peerDependenciesMeta).every(({ optional }) => optional)).toBe(true)
  expect(Object.keys(manifest.peerDependenciesMeta)).toEqual(Object.keys(manifest.peerDependencies))
})

test('the root package offers the same names to this repository as the built one offers to services', async () => {
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { exports?: Record<string, string> }
  expect(Object.keys(own.exports ?? {}).sort()).toEqual(Object.keys(manifest.exports).sort())
})

test('only what runs is in it, it is small, and nothing in it knows of Next, React or the console', async () => {
  const paths = packed.files.map(file => file.path)
  expect(paths.filter(path => !/\.(js|d\.ts)$|^package\.json$|^README\.md$|^LICENSE$/.test(path))).toEqual([])
  expect(paths.filter(path => /\.test\.|testing\/|console\/operations/.test(path))).toEqual([])
  // About 36 KB packed and 130 KB unpacked a capability, with its contract suite (queues and databases are half of all); far beyond that, something has slipped in.
  const capabilities = Object.keys(manifest.exports).filter(entry => !entry.endsWith('/contract')).length
  expect(packed.size).toBeLessThan(42_000 * capabilities)
  expect(packed.unpackedSize).toBeLessThan(150_000 * capabilities)
  for (const path of paths.filter(path => path.endsWith('.js') || path.endsWith('.d.ts'))) {
    const names = importedPackages(await readFile(join(installed, path), 'utf8'))
    const forbidden = names.filter(
      name =>
        /^(next|react|react-dom)$|^@?next|^@\//.test(name) ||
        (name === 'vitest' && !/\.contract\.(js|d\.ts)$/.test(path)),
    )
    expect({ path, forbidden }).toEqual({ path, forbidden: [] })
  }
})

test('a service without any SDK runs and type-checks with what needs none', async () => {
  await haveOnly(['@types/node', 'undici-types'])
  const output = await runService(`
    import { readConfig } from 'substation/config'
    import { newId, isId } from 'substation/core'
    import { createHealth, memoryCheck } from 'substation/health'
    import { createLogger, loggingConfig } from 'substation/logging'
    import { createMetrics, metricsConfig } from 'substation/metrics'
    const { logging, metrics } = readConfig({ logging: loggingConfig, metrics: metricsConfig },
      { SUBSTATION_LOG_FORMAT: 'text', SUBSTATION_METRICS: 'memory' })
    const health = createHealth()
    health.register(memoryCheck())
    await health.check()
    const counted = await createMetrics(metrics)
    counted.counter({ name: 'runs_total', help: 'Runs.' }).inc(2)
    const log = await createLogger(logging)
    log.info('it runs', { id: isId(newId()), health: health.status(), runs: (await counted.expose()).text.includes('runs_total 2') })
  `)
  expect(output).toContain('it runs  id=true health=up runs=true')
  expect(await typeCheck(importAll(['config', 'container', 'core', 'health', 'logging', 'metrics']))).toEqual([])
}, 60_000)

test('an adapter whose package is not installed says which one to install', async () => {
  // What a breaker is made of is imported at once, and with it the cache's own; all else waits until it is chosen.
  await haveOnly(['cockatiel'])
  const output = await runService(`
    import { createCacheRegistry } from 'substation/cache'
    import { MissingPackageError } from 'substation/core'
    import { createDatabase } from 'substation/database'
    import { createIdempotency } from 'substation/idempotency'
    import { createKeyValue } from 'substation/kv'
    import { createLogger } from 'substation/logging'
    import { createMetrics } from 'substation/metrics'
    import { createMigrations } from 'substation/migrations'
    import { createQueues } from 'substation/queue'
    const redisUrl = 'redis://127.0.0.1:1'
    const url = 'postgres://127.0.0.1:1/none'
    const attempts = [
      () => createCacheRegistry().create({ name: 'near' }),
      () => createCacheRegistry({ redisUrl }).create({ name: 'far', kind: 'redis' }),
      () => createDatabase({ url }),
      () => createIdempotency({ url: redisUrl }),
      () => createKeyValue({ url: redisUrl }),
      () => createKeyValue({ url }),
      () => createMigrations({ url, folder: 'migrations' }),
      () => createQueues({ redisUrl }),
      () => createLogger({ level: 'info', format: 'json' }),
      () => createMetrics({ adapter: 'prom-client', maxSeries: 10, processMetrics: false }),
    ]
    for (const attempt of attempts) {
      const error = await attempt().then(() => undefined, thrown => thrown)
      console.log(error instanceof MissingPackageError, error?.message, error?.nextStep)
    }
  `)
  expect(output.trim().split('\n')).toEqual(
    [
      ['A cache in memory', 'lru-cache'],
      ['A cache in Redis', 'ioredis'],
      ['A Postgres pool', 'drizzle-orm'],
      ['Idempotent runs in Redis', 'ioredis'],
      ['A key-value store in Redis', 'ioredis'],
      ['A Postgres pool', 'drizzle-orm'],
      ['The migration runner', 'postgres'],
      ['Queues in Redis', 'bullmq'],
      ['Logging as JSON', 'pino'],
      ['The prom-client adapter of metrics', 'prom-client'],
    ].map(
      ([adapter, name]) =>
        `true ${adapter} needs the package ${name}, which is not installed Run npm install ${name}, or choose another adapter.`,
    ),
  )
}, 60_000)

test('a service with the SDKs runs a container, and a strict consumer of every entry type-checks', async () => {
  await haveOnly([...Object.keys(manifest.peerDependencies), '@types/node', 'undici-types'])
  const output = await runService(`
    import { createContainer } from 'substation/container'
    import { createLogger } from 'substation/logging'
    import { createMetrics } from 'substation/metrics'
    const container = createContainer()
      .add('log', { create: () => createLogger({ level: 'info', format: 'json' }, { service: 'packed' }) })
      .add('metrics', { create: () => createMetrics({ adapter: 'prom-client', maxSeries: 10, processMetrics: false }) })
      .add('greeter', { needs: ['log'], create: ({ log }) => log, start: log => log.info('started'), stop: log => log.info('stopped') })
    await container.start()
    await container.stop()
  `)
  const lines = output
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines).toMatchObject([
    { service: 'packed', message: 'started' },
    { service: 'packed', message: 'stopped' },
  ])
  const entries = Object.keys(manifest.exports).map(entry => entry.slice(2))
  expect(entries).toEqual(expect.arrayContaining(['config', 'container', 'core', 'health', 'logging', 'metrics']))
  expect(await typeCheck(importAll(entries))).toEqual([])
  // Types that had silently become any would let this through.
  const wrong = `import { newId } from 'substation/core'\nexport const id: number = newId()`
  expect(await typeCheck(wrong)).toEqual([expect.stringContaining('TS2322')])
}, 60_000)

test('the author of an adapter runs the contract suite of the package: a right one passes, a wrong one does not', async () => {
  await haveOnly([...Object.keys(manifest.peerDependencies), '@types/node', 'undici-types'])
  const tests = await Promise.all([runContract('right', 'metrics'), runContract('wrong', 'metricsThatForget')])
  expect(tests).toMatchObject([
    { numFailedTests: 0, numPassedTests: expect.any(Number) },
    { numFailedTests: expect.any(Number), numPassedTests: expect.any(Number) },
  ])
  const [right, wrong] = tests
  expect(right?.numPassedTests).toBeGreaterThan(10)
  expect(wrong?.numFailedTests).toBeGreaterThan(0)
}, 400_000)

/** vitest's report on a test file of the service, which holds an adapter against the contract of metrics. */
async function runContract(name: string, adapter: string): Promise<{ numPassedTests: number; numFailedTests: number }> {
  await writeFile(
    join(service, `${name}.test.js`),
    `
    import { metricsContract } from 'substation/metrics/contract'
    import { metrics, metricsThatForget } from './adapters.js'
    metricsContract('${name}', ${adapter})
  `,
  )
  await writeFile(
    join(service, 'adapters.js'),
    `
    import { memoryMetrics } from './node_modules/substation/infrastructure/metrics/adapters/memory.js'
    export const metrics = memoryMetrics
    export const metricsThatForget = options => {
      const kept = memoryMetrics(options)
      return { ...kept, counter: asked => ({ ...kept.counter(asked), inc() {} }) }
    }
  `,
  )
  const report = join(workshop, `${name}.json`)
  const options = ['run', `${name}.test.js`, '--root', service, '--reporter=json', `--outputFile=${report}`]
  await run(process.execPath, [inRepository('vitest/vitest.mjs'), ...options], { cwd: service }).catch(() => {})
  return JSON.parse(await readFile(report, 'utf8'))
}
