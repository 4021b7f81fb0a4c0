import { expect, test } from 'vitest'
import { seriesName } from '../../series/names.ts'
import { requestsBy } from './requests-by.ts'

const of = (family: string, labels: Record<string, string>, service = 'shop') => ({
  service,
  series: seriesName(family, labels),
})

test('a route has all its status codes and its durations; its errors are those of 5xx', () => {
  const ok = of('http_requests_total', { route: 'GET /', status: '200' })
  const missing = of('http_requests_total', { route: 'GET /', status: '404' })
  const broken = of('http_requests_total', { route: 'GET /', status: '503' })
  const timed = of('http_request_seconds', { route: 'GET /' })
  const other = of('http_requests_total', { route: 'GET /', status: '200' }, 'till')
  const [shop, till] = requestsBy('route', [ok, missing, broken, timed, other])
  expect(shop).toMatchObject({
    service: 'shop',
    name: 'GET /',
    requests: [ok, missing, broken],
    errors: [broken],
    durations: [timed],
  })
  expect(till).toMatchObject({ service: 'till', requests: [other], errors: [], durations: [] })
})

test('as OpenTelemetry labels it: method and route separate, and counted only by the histogram', () => {
  const timed = of('http_server_request_duration_seconds', {
    http_request_method: 'POST',
    http_route: '/orders',
  })
  expect(requestsBy('route', [timed])).toMatchObject([
    { name: 'POST /orders', requests: [timed], errors: undefined, durations: [timed] },
  ])
})

test('where no status is counted errors are unknown; a series without a route is skipped', () => {
  expect(requestsBy('route', [of('http_requests_total', { route: 'GET /' })])[0]?.errors).toBeUndefined()
  expect(requestsBy('route', [of('http_requests_total', { status: '200' })])).toEqual([])
})

test('versions and processes have three series each', () => {
  const requests = of('version_requests', { version: '2.0.0' })
  const errors = of('version_request_errors', { version: '2.0.0' })
  const durations = of('version_request_seconds', { version: '2.0.0' })
  expect(requestsBy('version', [errors, durations, requests])).toMatchObject([
    { name: '2.0.0', requests: [requests], errors: [errors], durations: [durations] },
  ])
})
