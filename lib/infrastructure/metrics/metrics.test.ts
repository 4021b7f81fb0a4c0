import { Counter, Histogram, Registry, Summary } from 'prom-client'
import { expect, test } from 'vitest'
import { readConfig } from '../config/index.ts'
import { memoryMetrics } from './adapters/memory.ts'
import { promClientMetrics } from './adapters/prom-client.ts'
import { createMetrics, DURATION_BUCKETS, fromPromClient, metricsConfig } from './index.ts'
import { metricsContract } from './metrics.contract.ts'

metricsContract('prom-client', options => promClientMetrics(options))
metricsContract('memory', options => memoryMetrics(options))

test('an existing prom-client registry is adopted whole: default labels, histograms and summaries', async () => {
  const registry = new Registry()
  registry.setDefaultLabels({ app: 'shop' })
  new Counter({ name: 'c_total', help: 'C.', registers: [registry] }).inc(2)
  new Histogram({ name: 'h', help: 'H.', labelNames: ['k'], buckets: [1, 2], registers: [registry] }).observe(
    { k: 'x' },
    1.5,
  )
  new Summary({ name: 's', help: 'S.', percentiles: [0.5], registers: [registry] }).observe(3)
  const metrics = memoryMetrics()
  metrics.adopt(fromPromClient(registry))
  const adopted = (await metrics.collect()).filter(family => !family.name.startsWith('substation_'))
  expect(adopted).toEqual([
    { name: 'c_total', help: 'C.', kind: 'counter', series: [{ labels: { app: 'shop' }, value: 2 }] },
    {
      name: 'h',
      help: 'H.',
      kind: 'histogram',
      series: [
        {
          labels: { app: 'shop', k: 'x' },
          count: 1,
          sum: 1.5,
          buckets: [
            [1, 0],
            [2, 1],
          ],
        },
      ],
    },
    {
      name: 's',
      help: 'S.',
      kind: 'summary',
      series: [{ labels: { app: 'shop' }, count: 1, sum: 3, quantiles: [[0.5, 3]] }],
    },
  ])
  const theirs = (await registry.metrics()).split('\n').filter(line => line.startsWith('h_') || line.startsWith('s'))
  const ours = (await metrics.expose()).text.split('\n')
  const labelsSorted = (line: string) =>
    line.replace(/\{(.*)\}/, (_, pairs: string) => pairs.split(',').sort().join(','))
  expect(ours.map(labelsSorted)).toEqual(expect.arrayContaining(theirs.map(labelsSorted)))
})

test('the factory includes process figures on request, from a registry of its own', async () => {
  const config = readConfig({ metrics: metricsConfig }, {}).metrics
  expect((await (await createMetrics(config)).expose()).text).toMatch(/^nodejs_heap_size_used_bytes \d+/m)
  const without = await createMetrics({ ...config, processMetrics: false })
  expect((await without.expose()).text).not.toContain('nodejs_')
})

test('the common bucket layout doubles from 0.5 ms to 65.536 s', () => {
  expect(DURATION_BUCKETS[0]).toBe(0.0005)
  expect(DURATION_BUCKETS.at(-1)).toBeCloseTo(65.536)
})

test('values that are no finite number are written as Prometheus reads them', async () => {
  const metrics = memoryMetrics()
  const values = [Infinity, -Infinity, Number.NaN]
  const series = values.map(value => ({ labels: { at: String(value) }, value }))
  metrics.adopt({ collect: async () => [{ name: 'edge', help: 'Edge.', kind: 'gauge', series }] })
  expect((await metrics.expose()).text.split('\n').filter(line => line.startsWith('edge'))).toEqual([
    'edge{at="Infinity"} +Inf',
    'edge{at="-Infinity"} -Inf',
    'edge{at="NaN"} NaN',
  ])
})

test('in memory there are no process figures, but every observation', async () => {
  const metrics = await createMetrics({ adapter: 'memory', maxSeries: 10, processMetrics: true })
  const waits = metrics.summary({ name: 'wait', help: 'Wait.', quantiles: [0.5] })
  for (const value of [1, 2]) waits.observe(value)
  expect((await metrics.expose()).text).toContain('wait{quantile="0.5"} 1.5')
})
