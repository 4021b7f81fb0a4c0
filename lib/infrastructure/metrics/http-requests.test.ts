import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryMetrics } from './adapters/memory.ts'
import { httpRequests, type Metrics } from './index.ts'

let metrics: Metrics
let hanging = 0
const server = createServer((asked, answer) => {
  if (asked.url === '/hang') hanging++
  else answer.writeHead(201).end('ok')
})
let url: string
beforeEach(async () => {
  metrics = memoryMetrics()
  hanging = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

/** `GET /x 201` and how often. */
async function counted(): Promise<Record<string, number>> {
  const family = (await metrics.collect()).find(({ name }) => name === 'http_requests_total')
  if (family?.kind !== 'counter') return {}
  return Object.fromEntries(family.series.map(({ labels, value }) => [`${labels.route} ${labels.status}`, value]))
}

test('answers are counted by route and status; one whose caller left is not a success', async () => {
  const stop = httpRequests(metrics).watch(server, asked => `GET ${asked.url}`)
  await (await fetch(`${url}/x`)).text()
  const gone = request(`${url}/hang`).on('error', () => {})
  gone.end()
  await vi.waitFor(() => expect(hanging).toBe(1))
  gone.destroy()
  await vi.waitFor(async () => expect(await counted()).toEqual({ 'GET /x 201': 1, 'GET /hang 499': 1 }))
  stop()
})

test('an error in finding the route does not end the process', async () => {
  const stop = httpRequests(metrics).watch(server, () => {
    throw new Error('no route')
  })
  await (await fetch(`${url}/x`)).text()
  await vi.waitFor(async () => expect(await counted()).toMatchObject({ 'unknown 201': 1 }))
  stop()
})
