import { expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import type { DetailReading, FleetProcess, FleetSnapshot } from '../fleet/port.ts'
import { countsOf, gaugesOf } from './fleet-figures.ts'

const NOW = 1_700_000_000_000

interface Given {
  state?: FleetProcess['state']
  lag?: number
  startedAt?: number
  details?: Record<string, DetailReading>
}

function snapshot(...given: Given[]): FleetSnapshot {
  const processes = given.map(({ state = 'up', lag = 1, startedAt = NOW - 60_000, details = {} }): FleetProcess => {
    const id = newId()
    const vitals = { cpu: 0.5, rss: 100, heap: 40, heapLimit: 400, lag, uptime: 1 }
    const rev = Object.fromEntries(Object.entries(details).map(([domain, detail]) => [domain, detail.rev]))
    return {
      id,
      identity: { v: 1, id, service: 'shop', instance: id, host: 'h', pid: 1, startedAt, verbs: [] },
      service: 'shop',
      instance: id,
      state,
      lastBeatAt: NOW - 500,
      silentFor: 500,
      beat: { v: 1, id, seq: 1, vitals, rev },
      skew: 0,
      details: new Map(Object.entries(details)),
    }
  })
  return { redisNow: NOW, skew: 0, processes }
}

const detail = (at: number, items: unknown[], total = items.length): DetailReading => ({ rev: 3, at, items, total })
const gauge = (value: number) => ({ name: 'open', help: '', kind: 'gauge', series: [{ labels: {}, value }] })

test('vitals and gauges are summed over living processes, and the delay is the worst of them', () => {
  const figures = gaugesOf(
    snapshot(
      { lag: 20, details: { metrics: detail(NOW - 1_000, [gauge(4)]) } },
      { lag: 80, details: { metrics: detail(NOW - 1_000, [gauge(3)]) } },
      // A value from a minute ago is not current.
      { state: 'late', lag: 5, details: { metrics: detail(NOW - 60_000, [gauge(100)]) } },
      { state: 'lost', lag: 900, details: { metrics: detail(NOW - 1_000, [gauge(100)]) } },
    ),
  )
  const of = (series: string) => figures.find(one => one.series === series)?.value
  expect(of('processes')).toBe(3)
  expect(of('resident_bytes')).toBe(300)
  expect(of('event_loop_lag_seconds')).toBe(0.08)
  expect(of('open')).toBe(7)
})

test('a process that started while we watched has counted from zero; for others that is not known', () => {
  const metrics = detail(NOW, [])
  const since = NOW - 30_000
  const readings = countsOf(
    snapshot({ startedAt: since + 1_000, details: { metrics } }, { startedAt: since - 1_000, details: { metrics } }),
    since,
  )
  expect(readings.map(({ reading }) => reading.from)).toEqual([since + 1_000, undefined])
})

test('breakers without calls are unchanged; a detail that was cut says so', () => {
  const quiet = detail(NOW - 600_000, [])
  const cut = detail(NOW - 2_000, [], 90)
  const [breakers, metrics] = countsOf(snapshot({ details: { breakers: quiet, metrics: cut } }), 0)
  expect(breakers?.reading.at).toBeGreaterThan(NOW - 5_000)
  expect(metrics?.reading).toMatchObject({ at: NOW - 2_000, whole: false })
  const [lost] = countsOf(snapshot({ state: 'lost', details: { breakers: quiet } }), 0)
  expect(lost?.reading.at).toBe(NOW - 600_000)
})
