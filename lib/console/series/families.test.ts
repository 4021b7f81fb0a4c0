import { expect, test } from 'vitest'
import { readFamilies } from './families.ts'

const counter = (name: string, series: unknown) => ({ name, help: '', kind: 'counter', series })

test('requests and errors of a service are summed over every route and status, under common names', () => {
  const { counts } = readFamilies([
    counter('http_requests_total', [
      { labels: { route: '/a', status: '200' }, value: 5 },
      { labels: { route: '/a', status: '503' }, value: 2 },
      { labels: { status: '500', route: '/b' }, value: 1 },
    ]),
  ])
  expect(counts.get('requests')).toEqual({ total: 8 })
  expect(counts.get('request_errors')).toEqual({ total: 3 })
  expect(counts.get('http_requests_total{route="/b",status="500"}')).toEqual({ total: 1 })
})

test('where no status is counted, errors are unknown and not none', () => {
  const { counts } = readFamilies([counter('http_requests_total', [{ labels: {}, value: 5 }])])
  expect(counts.get('requests')).toEqual({ total: 5 })
  expect(counts.has('request_errors')).toBe(false)
})

test('what is malformed is skipped, and the rest is read', () => {
  const { counts, gauges } = readFamilies([
    null,
    'text',
    { name: 5, kind: 'gauge', series: [] },
    { name: 'x', kind: 'gauge', series: 'no' },
    { name: 'x', kind: 'gauge', series: [null, { labels: { a: 1 }, value: 1 }, { labels: {}, value: 'NaN' }] },
    counter('down', [{ labels: {}, value: -3 }]),
    { name: 'seconds', kind: 'histogram', series: [{ labels: {}, count: 3, buckets: [[1, 'two']] }] },
    { name: 'fine', kind: 'gauge', series: [{ labels: { quoted: 'a"b\\c\nd' }, value: 1.5 }] },
  ])
  expect([...gauges]).toEqual([['fine{quoted="a\\"b\\\\c\\nd"}', 1.5]])
  expect([...counts]).toEqual([['seconds', { total: 3, buckets: undefined }]])
})
