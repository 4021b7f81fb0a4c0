import { registry } from '../lib/console/areas/index.ts'
import { product } from './product/product.ts'
import { anonymous, expect, test } from './product/test.ts'

const { operations, views } = registry

test('the OpenAPI document names every view and every operation', async () => {
  const api = await anonymous()
  const document = await (await api.get(`${product().url}/api/v1/openapi.json`)).json()
  expect(document.openapi).toBe('3.1.0')
  for (const { id, inBody } of views)
    expect(document.paths[`/api/v1/{environment}/views/${id}`]?.[inBody ? 'post' : 'get']).toBeDefined()
  for (const { id } of operations) {
    const { post } = document.paths[`/api/v1/{environment}/operations/${id}`]
    expect(
      Object.keys(post.requestBody.content['application/json'].schema.properties.input.properties).length,
    ).toBeGreaterThan(0)
    expect(document.paths[`/api/v1/{environment}/operations/${id}/preview`]?.post).toBeDefined()
  }
  await api.dispose()
})

test('liveness, readiness and metrics answer whom they should', async ({ as }) => {
  const api = await anonymous()
  expect(await (await api.get(`${product().url}/api/health/live`)).json()).toEqual({ status: 'up' })
  expect(await (await api.get(`${product().url}/api/health/ready`)).json()).toMatchObject({ status: 'up', store: 'up' })
  expect((await api.get(`${product().url}/api/metrics`)).status()).toBe(401)
  const viewer = await as('viewer')
  const metrics = await (await viewer.api.get(`${product().url}/api/metrics`)).text()
  expect(metrics).toMatch(/^substation_view_seconds_count\{view="\w+",outcome="read"\} \d+$/m)
  expect(metrics).toMatch(/^process_resident_memory_bytes \d+$/m)
  await api.dispose()
})

test('every answer carries the headers that keep a browser safe', async () => {
  const api = await anonymous()
  const headers = (await api.get(`${product().url}/sign-in`)).headers()
  expect(headers['content-security-policy']).toContain("default-src 'self'")
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['x-powered-by']).toBeUndefined()
  await api.dispose()
})
