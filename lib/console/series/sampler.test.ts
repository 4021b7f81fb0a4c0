import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sample, series } from '../../../drizzle/schema/index.ts'
import { joinFleet } from '../../infrastructure/fleet/index.ts'
import { createMetrics, httpRequests, sampleMetrics } from '../../infrastructure/metrics/index.ts'
import { createDatabase, redisUrl, startRedis } from '../../infrastructure/testing/servers.ts'
import type { Console } from '../open.ts'
import type { SamplePoint } from '../platform/samples.ts'
import type { Settings } from '../platform/settings/port.ts'
import { openTestConsole, startTestProcess, TEST_FLEET_KEY, testSettings } from '../testing/open-test-console.ts'
import { Series } from './resource.ts'
import { STEP, stepOf } from './steps.ts'

let database: Awaited<ReturnType<typeof createDatabase>>

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database?.drop())

const settingsOn = (redis = redisUrl()) => testSettings({ databaseUrl: database.url, redisUrl: redis })
const seriesOf = (console: Console, settings: Settings) => {
  const environment = console.environment(settings.environments[0]?.name ?? '')
  if (!environment) throw new Error('the test console lacks its environment')
  return environment.of(Series)
}

async function until<T>(what: string, ask: () => Promise<T | undefined | false>, within = 55_000): Promise<T> {
  const deadline = performance.now() + within
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${within / 1000} s`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function isLeading(console: Console, settings: Settings) {
  const state = await seriesOf(console, settings).state()
  return state.status === 'up' && state.data.leading
}

/** As it is in the table: a reader would wait until nothing can be added. */
async function kept(console: Console, settings: Settings, service: string, name: string) {
  const rows = await console.store.db
    .select({ step: sample.bucket, value: sample.value })
    .from(sample)
    .innerJoin(series, eq(series.id, sample.series))
    .where(
      and(
        eq(series.environment, settings.environments[0]?.name ?? ''),
        eq(series.service, service),
        eq(series.name, name),
      ),
    )
    .orderBy(sample.bucket)
  return rows.map(({ step, value }) => ({ step: stepOf(step.getTime()), value }))
}

const counted = (rows: { value: number }[]) => rows.reduce((total, { value }) => total + value * (STEP / 1000), 0)

// Sampling every ten seconds is slow, so these tests wait side by side.
describe.concurrent('the sampler', () => {
  test('what was sent to a process is what its series counts, neither more nor less', { timeout: 90_000 }, async () => {
    const settings = settingsOn()
    const console = await openTestConsole(settings)
    await until('sampling', () => isLeading(console, settings))

    const metrics = await createMetrics({ adapter: 'memory', maxSeries: 50, processMetrics: false })
    const sampler = sampleMetrics(metrics)
    const requests = httpRequests(metrics)
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/broken' ? 500 : 200).end('ok')
    })
    requests.watch(server, request => request.url ?? 'none')
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    sampler.start()
    const member = joinFleet({
      redisUrl: settings.redisUrl,
      environment: settings.environments[0]?.name ?? '',
      service: 'shop',
      instance: 'shop-1',
      metrics: sampler,
      version: '1.0.0',
    })
    await member.start()
    await until('a first sampling', async () => (await kept(console, settings, 'shop', 'heap_bytes')).length > 0)

    const fired = { '/': 40, '/broken': 7 }
    for (const [path, count] of Object.entries(fired))
      for (let index = 0; index < count; index++) await (await fetch(`http://127.0.0.1:${port}${path}`)).text()

    await until(
      '47 requests in the series',
      async () => Math.round(counted(await kept(console, settings, 'shop', 'requests'))) >= 47,
    )
    expect(counted(await kept(console, settings, 'shop', 'requests'))).toBeCloseTo(47, 3)
    expect(counted(await kept(console, settings, 'shop', 'request_errors'))).toBeCloseTo(7, 3)
    expect(counted(await kept(console, settings, 'shop', 'request_seconds'))).toBeCloseTo(47, 3)
    // The same again, by process.
    for (const [split, value] of Object.entries({ version: '1.0.0', process: 'shop-1' })) {
      const of = async (figure: string) =>
        counted(await kept(console, settings, 'shop', `${split}_${figure}{${split}="${value}"}`))
      expect(await of('requests')).toBeCloseTo(47, 3)
      expect(await of('request_errors')).toBeCloseTo(7, 3)
      expect(await of('request_seconds')).toBeCloseTo(47, 3)
    }

    await member.stop()
    sampler.stop()
    server.close()
    await console.close()
  })

  test('one console samples; when it is killed another takes over within seconds', { timeout: 60_000 }, async () => {
    const settings = settingsOn()
    const first = spawn(process.execPath, ['lib/console/testing/sampling-console.ts'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    first.stdin.end(JSON.stringify(settings))
    await once(first.stdout, 'data')
    const second = await openTestConsole(settings)
    await new Promise(resolve => setTimeout(resolve, 2_500))
    expect(await isLeading(second, settings)).toBe(false)
    first.kill('SIGKILL')
    await until('the takeover', () => isLeading(second, settings), 6_000)
    await second.close()
  })

  test('while Redis is down nothing is measured, and that is a gap and not a zero', { timeout: 90_000 }, async () => {
    const redis = await startRedis()
    const settings = settingsOn(redis.url)
    const console = await openTestConsole(settings)
    const testProcess = await startTestProcess(settings, { key: TEST_FLEET_KEY })
    const steps = async () => (await kept(console, settings, 'checkout', 'processes')).map(({ step }) => step)
    await until('a sample', async () => (await steps()).length > 0)
    await redis.stop()
    const before = (await steps()).at(-1) ?? 0
    await until('two steps without Redis', async () => stepOf(Date.now()) > before + 2)
    await redis.start()
    await until('a sample again', async () => ((await steps()).at(-1) ?? 0) > before)
    const all = await steps()
    expect(all[all.indexOf(before) + 1]).toBeGreaterThan(before + 1)
    expect((await kept(console, settings, 'checkout', 'processes')).every(({ value }) => value === 1)).toBe(true)
    await testProcess.stop()
    await console.close()
    await redis.close()
  })

  test('sources are asked beside the fleet; one that fails does not affect the others', {
    timeout: 60_000,
  }, async () => {
    const settings = settingsOn()
    const points = (): SamplePoint[] => [
      { service: 'redis:main', series: 'queue_waiting{queue="mail"}', value: 12 },
      {
        service: 'redis:main',
        series: 'queue_completed_total{queue="mail"}',
        value: 100 + performance.now() / 2_000,
        kind: 'counter',
      },
    ]
    const console = await openTestConsole(settings, {
      sources: () => [
        { name: 'broken', sample: () => Promise.reject(new Error('no')) },
        { name: 'queues', sample: async () => points() },
      ],
    })
    const rates = await until('a rate', async () => {
      const rows = await kept(console, settings, 'redis:main', 'queue_completed_total{queue="mail"}')
      return rows.length > 0 && rows
    })
    // Half of one per second; the two readings are about one step apart.
    expect(rates[0]?.value).toBeGreaterThan(0.2)
    expect(rates[0]?.value).toBeLessThan(1)
    expect((await kept(console, settings, 'redis:main', 'queue_waiting{queue="mail"}'))[0]?.value).toBe(12)
    await console.close()
  })
})
