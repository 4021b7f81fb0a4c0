import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sampleMetrics } from './index.ts'
import type { MetricFamily } from './port.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const gauge = (value: number): MetricFamily[] => [
  { name: 'g', help: 'G.', kind: 'gauge', series: [{ labels: {}, value }] },
]

test('reads at once and at each interval, keeps the last reading through a failure, and stops', async () => {
  const collect = vi.fn<() => Promise<MetricFamily[]>>()
  collect.mockResolvedValueOnce(gauge(1)).mockRejectedValueOnce(new Error('broken')).mockResolvedValueOnce(gauge(3))
  const sampler = sampleMetrics({ collect }, { intervalMs: 1000 })
  expect([sampler.revision, sampler.reports()]).toEqual([0, []])
  sampler.start()
  sampler.start()
  await vi.advanceTimersByTimeAsync(0)
  expect([sampler.revision, sampler.reports()]).toEqual([1, gauge(1)])
  await vi.advanceTimersByTimeAsync(1000)
  expect([sampler.revision, sampler.reports()]).toEqual([1, gauge(1)])
  await vi.advanceTimersByTimeAsync(1000)
  expect([sampler.revision, sampler.reports()]).toEqual([2, gauge(3)])
  sampler.stop()
  await vi.advanceTimersByTimeAsync(5000)
  expect(collect).toHaveBeenCalledTimes(3)
})

test('a reading that takes longer than the interval is not joined by another', async () => {
  const end = Promise.withResolvers<MetricFamily[]>()
  const collect = vi.fn<() => Promise<MetricFamily[]>>().mockReturnValueOnce(end.promise).mockResolvedValue(gauge(2))
  const sampler = sampleMetrics({ collect }, { intervalMs: 1000 })
  sampler.start()
  await vi.advanceTimersByTimeAsync(3_500)
  expect([collect.mock.calls.length, sampler.revision]).toEqual([1, 0])
  end.resolve(gauge(1))
  await vi.advanceTimersByTimeAsync(0)
  expect([sampler.revision, sampler.reports()]).toEqual([1, gauge(1)])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sampler.reports()).toEqual(gauge(2))
  sampler.stop()
})
