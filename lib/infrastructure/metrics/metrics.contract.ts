import { describe, expect, expectTypeOf, test } from 'vitest'
import type { Clock } from '../../core/clock.ts'
import { MetricExistsError, type MetricFamily, MetricInvalidError, type Metrics } from './port.ts'

/** What every metrics adapter guarantees. `setup` makes an empty registry with the given clock and cap. */
export function metricsContract(name: string, setup: (options: { clock: Clock; maxSeries: number }) => Metrics) {
  function start(maxSeries = 100) {
    const time = { ms: 0 }
    return { time, metrics: setup({ clock: { now: () => time.ms, monotonic: () => time.ms }, maxSeries }) }
  }
  async function family<K extends MetricFamily['kind']>(metrics: Metrics, kind: K, metric: string) {
    const found = (await metrics.collect()).find(each => each.name === metric)
    if (found?.kind !== kind) throw new Error(`no ${kind} ${metric}`)
    return found as Extract<MetricFamily, { kind: K }>
  }
  const dropped = async (metrics: Metrics) =>
    (await family(metrics, 'counter', 'substation_metrics_dropped_total')).series.map(s => [s.labels.metric, s.value])

  describe(`${name} metrics`, () => {
    test('a counter adds up for each label set', async () => {
      const { metrics } = start()
      const orders = metrics.counter({ name: 'orders_total', help: 'Orders.', labels: ['kind', 'paid'] })
      orders.inc(1, { kind: 'web', paid: true })
      orders.inc(2, { kind: 'web', paid: true })
      orders.inc(5, { kind: 'shop', paid: false })
      expect((await family(metrics, 'counter', 'orders_total')).series).toEqual([
        { labels: { kind: 'web', paid: 'true' }, value: 3 },
        { labels: { kind: 'shop', paid: 'false' }, value: 5 },
      ])
    })

    test('labels are typed: required where declared, refused elsewhere', () => {
      const { metrics } = start()
      const plain = metrics.counter({ name: 'a_total', help: 'A.' })
      const labelled = metrics.counter({ name: 'b_total', help: 'B.', labels: ['kind'] })
      expectTypeOf(plain.inc).parameters.toEqualTypeOf<[number]>()
      expectTypeOf(labelled.inc).parameter(1).toEqualTypeOf<Readonly<Record<'kind', string | number | boolean>>>()
    })

    test('a metric without labels reads zero before its first value', async () => {
      const { metrics } = start()
      metrics.counter({ name: 'a_total', help: 'A.' })
      expect((await family(metrics, 'counter', 'a_total')).series).toEqual([{ labels: {}, value: 0 }])
    })

    test('a gauge is set, changed and removed; one with `read` is fresh at each reading', async () => {
      const { metrics } = start()
      const depth = metrics.gauge({ name: 'depth', help: 'Depth.', labels: ['queue'] })
      depth.set(5, { queue: 'mail' })
      depth.add(-2, { queue: 'mail' })
      depth.set(1, { queue: 'gone' })
      depth.remove({ queue: 'gone' })
      let level = 1
      metrics.gauge({ name: 'level', help: 'Level.', read: gauge => gauge.set(level) })
      expect((await family(metrics, 'gauge', 'depth')).series).toEqual([{ labels: { queue: 'mail' }, value: 3 }])
      await metrics.collect()
      level = 7
      expect((await family(metrics, 'gauge', 'level')).series).toEqual([{ labels: {}, value: 7 }])
      level = 8
      expect((await metrics.expose()).text).toMatch(/^level 8$/m)
    })

    test('a gauge whose `read` throws does not keep the others from being read', async () => {
      const { metrics } = start()
      const broken = () => {
        throw new Error('no statistics')
      }
      metrics.gauge({ name: 'broken', help: 'Broken.', read: broken })
      metrics.counter({ name: 'fine_total', help: 'Fine.' }).inc(1)
      const { text } = await metrics.expose()
      expect(text).toMatch(/^fine_total 1$/m)
      expect(text).toMatch(/^substation_metrics_unreadable_total 1$/m)
    })

    test('a histogram counts cumulatively up to each bound', async () => {
      const { metrics } = start()
      const sizes = metrics.histogram({ name: 'size', help: 'Size.', labels: ['kind'], buckets: [1, 2, 4] })
      for (const value of [0.5, 1, 3, 9]) sizes.observe(value, { kind: 'a' })
      expect((await family(metrics, 'histogram', 'size')).series).toEqual([
        {
          labels: { kind: 'a' },
          count: 4,
          sum: 13.5,
          buckets: [
            [1, 2],
            [2, 2],
            [4, 3],
          ],
        },
      ])
    })

    test('a summary gives quantiles', async () => {
      const { metrics } = start()
      metrics.summary({ name: 'none', help: 'None.', quantiles: [0.5] })
      expect((await family(metrics, 'summary', 'none')).series).toMatchObject([{ count: 0, quantiles: [[0.5, 0]] }])
      const waits = metrics.summary({ name: 'wait', help: 'Wait.', quantiles: [0.5, 0.9] })
      for (let value = 1; value <= 100; value++) waits.observe(value)
      const [series] = (await family(metrics, 'summary', 'wait')).series
      expect(series).toMatchObject({ count: 100, sum: 5050 })
      const [median, ninth] = series!.quantiles
      expect([median![0], ninth![0]]).toEqual([0.5, 0.9])
      expect(median![1]).toBeCloseTo(50.5, -0.5)
      expect(ninth![1]).toBeCloseTo(90, -0.5)
    })

    test('a timer records seconds once, for calls that resolve and calls that reject', async () => {
      const { metrics, time } = start()
      const timer = metrics.timer({ name: 'took_seconds', help: 'Took.', labels: ['outcome'], buckets: [1, 10] })
      const stop = timer.start()
      time.ms = 1500
      expect(stop({ outcome: 'ok' })).toBe(1.5)
      time.ms = 9000
      expect(stop({ outcome: 'ok' })).toBe(1.5)
      expect(await timer.time(async () => 'result', { outcome: 'ok' })).toBe('result')
      const failing = timer.time(
        () => {
          time.ms += 2000
          throw new Error('boom')
        },
        { outcome: 'bad' },
      )
      await expect(failing).rejects.toThrow('boom')
      const series = (await family(metrics, 'histogram', 'took_seconds')).series
      expect(series.map(({ labels, count, sum }) => [labels.outcome, count, sum])).toEqual([
        ['ok', 2, 1.5],
        ['bad', 1, 2],
      ])
    })

    test('label sets beyond the cap are counted as dropped, existing ones go on', async () => {
      const { metrics } = start(3)
      const hits = metrics.counter({ name: 'hits_total', help: 'Hits.', labels: ['user'] })
      for (let user = 0; user < 10; user++) hits.inc(1, { user })
      hits.inc(1, { user: 0 })
      const series = (await family(metrics, 'counter', 'hits_total')).series
      expect(series.map(s => s.value)).toEqual([2, 1, 1])
      expect(await dropped(metrics)).toEqual([['hits_total', 7]])
    })

    test('removing a label set makes room under the cap', async () => {
      const { metrics } = start(1)
      const depth = metrics.gauge({ name: 'depth', help: 'Depth.', labels: ['queue'] })
      depth.set(1, { queue: 'a' })
      depth.remove({ queue: 'a' })
      depth.set(2, { queue: 'b' })
      expect((await family(metrics, 'gauge', 'depth')).series).toEqual([{ labels: { queue: 'b' }, value: 2 }])
    })

    test('a value that cannot be stored never throws, it is dropped', async () => {
      const { metrics } = start()
      const counter = metrics.counter({ name: 'a_total', help: 'A.' })
      counter.inc(-1)
      counter.inc(Number.NaN)
      metrics.histogram({ name: 'b', help: 'B.' }).observe(Infinity)
      expect((await family(metrics, 'counter', 'a_total')).series[0]!.value).toBe(0)
      expect(await dropped(metrics)).toEqual([
        ['a_total', 2],
        ['b', 1],
      ])
    })

    test('a name is one metric: declaring it again returns the same, another kind or label is refused', async () => {
      const { metrics } = start()
      metrics.counter({ name: 'a_total', help: 'A.', labels: ['x', 'y'] }).inc(1, { x: 1, y: 1 })
      metrics.counter({ name: 'a_total', help: 'Same.', labels: ['y', 'x'] }).inc(1, { x: 1, y: 1 })
      expect((await family(metrics, 'counter', 'a_total')).series[0]!.value).toBe(2)
      expect(() => metrics.gauge({ name: 'a_total', help: 'A.', labels: ['x', 'y'] })).toThrow(MetricExistsError)
      expect(() => metrics.counter({ name: 'a_total', help: 'A.', labels: ['z'] })).toThrow(MetricExistsError)
      expect(() => metrics.counter({ name: 'not a name', help: 'N.' })).toThrow(MetricInvalidError)
      expect(() => metrics.histogram({ name: 'h', help: 'H.', labels: ['le'] })).toThrow(MetricInvalidError)
    })

    test.each([[[]], [[2, 1]], [[1, 1]], [[1, Infinity]]])('buckets %j are refused', buckets => {
      expect(() => start().metrics.histogram({ name: 'h', help: 'H.', buckets })).toThrow(MetricInvalidError)
    })

    test.each([-0.1, 1.1, Number.NaN])('the quantile %d is refused', q => {
      expect(() => start().metrics.summary({ name: 's', help: 'S.', quantiles: [0.5, q] })).toThrow(MetricInvalidError)
    })

    test('labels that a caller without types omits are empty, and those it adds are ignored', async () => {
      const { metrics } = start()
      const hits = metrics.counter({ name: 'hits_total', help: 'Hits.', labels: ['path'] })
      hits.inc(1, { user: 7 } as never)
      expect((await family(metrics, 'counter', 'hits_total')).series).toEqual([{ labels: { path: '' }, value: 1 }])
    })

    test('exposes the text that Prometheus reads', async () => {
      const { metrics } = start()
      metrics.counter({ name: 'a_total', help: 'A.', labels: ['path'] }).inc(2, { path: 'say "hi"\\\n' })
      metrics.histogram({ name: 'h', help: 'H.', buckets: [1] }).observe(3)
      const { text, contentType } = await metrics.expose()
      expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/)
      expect(text).toContain('# HELP a_total A.\n# TYPE a_total counter\na_total{path="say \\"hi\\"\\\\\\n"} 2\n')
      expect(text).toContain('# TYPE h histogram\nh_bucket{le="1"} 0\nh_bucket{le="+Inf"} 1\nh_sum 3\nh_count 1\n')
    })

    test('adopted metrics are added, ours win a shared name, and a failing source is left out', async () => {
      const { metrics } = start()
      metrics.counter({ name: 'shared_total', help: 'Ours.' }).inc(1)
      const theirs: MetricFamily[] = [
        { name: 'shared_total', help: 'Theirs.', kind: 'counter', series: [{ labels: {}, value: 99 }] },
        { name: 'theirs', help: 'Theirs.', kind: 'gauge', series: [{ labels: { a: 'b' }, value: 4 }] },
      ]
      const letGo = metrics.adopt({ collect: async () => theirs })
      metrics.adopt({ collect: () => Promise.reject(new Error('broken')) })
      const { text } = await metrics.expose()
      expect(text).toContain('# HELP theirs Theirs.\n# TYPE theirs gauge\ntheirs{a="b"} 4\n')
      expect(text.match(/^shared_total .*$/gm)).toEqual(['shared_total 1'])
      expect(text).toMatch(/^substation_metrics_unreadable_total 1$/m)
      letGo()
      expect((await metrics.collect()).map(each => each.name)).not.toContain('theirs')
    })
  })
}
