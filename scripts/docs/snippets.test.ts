import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { fleetKeys } from '../../lib/infrastructure/fleet/index.ts'
import { redisUrl } from '../../lib/infrastructure/testing/servers.ts'
import { wholeSnippets } from './snippets.ts'

const root = resolve(import.meta.dirname, '..', '..')
const run = promisify(execFile)
const cleanups: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** What the pages' own words say the reader has. */
const READERS_OWN = `import type { Server, IncomingMessage } from 'node:http'
declare global {
  const server: Server
  const routeOf: (request: IncomingMessage) => string
  const redis: { ping(): Promise<string> }
  const rates: { ageMs: number }
  const loadProduct: (id: number) => Promise<{ id: number }>
  const redisUrl: string
  const environment: string
}
`

/** Within the project, so that \`substation/…\` is the package itself, as its exports say. */
function folderOfModules(): string {
  mkdirSync(join(root, '.substation'), { recursive: true })
  const folder = mkdtempSync(join(root, '.substation', 'snippets-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('the TypeScript of the docs compiles as it is printed', async () => {
  const folder = folderOfModules()
  const snippets = wholeSnippets(root)
  expect(snippets.length).toBeGreaterThan(6)
  writeFileSync(join(folder, 'readers-own.d.ts'), READERS_OWN)
  for (const [index, { code }] of snippets.entries()) {
    // A configuration file lies beside package.json.
    const here = code.replaceAll("'./lib/", "'../../lib/")
    writeFileSync(join(folder, `snippet-${index}.mts`), /^(im|ex)port/m.test(here) ? here : `export {}\n${here}`)
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext', incremental: false, plugins: [] },
      include: ['./*.mts', './*.d.ts'],
      exclude: [],
    }),
  )
  const problems = await run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
  const named = problems.replace(/\S*snippet-(\d+)\.mts/g, (_, index) => snippets[Number(index)]?.at ?? '')
  expect(named).toBe('')
}, 90_000)

test('the quick start runs as it is printed: its process registers, with its breaker', async () => {
  const snippet = wholeSnippets(root).find(({ at }) => at.startsWith('docs/quick-start.md'))
  if (!snippet) throw new Error('the quick start has no snippet')
  const provider = createServer((_request, response) => response.end('charged'))
  await new Promise<void>(done => provider.listen(0, '127.0.0.1', done))
  cleanups.push(() => void provider.close())
  // The payment provider of the example is the only thing that does not exist.
  const { port } = provider.address() as AddressInfo
  const folder = folderOfModules()
  const file = join(folder, 'checkout.mts')
  writeFileSync(
    file,
    `${snippet.code.replace('https://payments.example', `http://127.0.0.1:${port}`)}
process.send?.({ status: receipt.status, state: payments.state })
`,
  )
  const environment = `quick-start-${process.pid}`
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    env: { ...process.env, SUBSTATION_REDIS_URL: redisUrl(), SUBSTATION_ENVIRONMENT: environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = new Promise<void>(done => child.once('exit', () => done()))
  cleanups.push(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const receipt = await Promise.race([
    new Promise(done => child.once('message', done)),
    ended.then(() => Promise.reject(new Error(`the quick start ended: ${said}`))),
  ])
  expect(receipt).toMatchObject({ status: 200 })
  const redis = new Redis(redisUrl())
  cleanups.push(() => void redis.disconnect())
  const keys = fleetKeys(environment)
  await expect
    .poll(async () => {
      const ids = await redis.zrange(keys.processes, 0, -1)
      return Promise.all(
        ids.map(async id => ({
          who: await redis.get(keys.identity(id)),
          breakers: await redis.get(keys.detail(id, 'breakers')),
        })),
      )
    })
    .toMatchObject([
      { who: expect.stringContaining('"checkout"'), breakers: expect.stringContaining('"payments-api"') },
    ])
})
