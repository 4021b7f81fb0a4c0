import { expect, test } from 'vitest'
import { createMetrics } from '../metrics/index.ts'
import { answering, failureOf, httpSetting, reset } from '../testing/http-setting.ts'
import { answerJson } from '../testing/local-service.ts'
import { nextLink, recordedCalls } from './index.ts'

const on = httpSetting()

interface Page {
  items: number[]
  cursor?: string
}

test('the items of all pages, each page read when the one before is used up', async () => {
  on.service.answer(({ url }, response) => {
    const cursor = Number(new URL(url, 'http://x').searchParams.get('cursor') ?? 0)
    answerJson(response, 200, { items: [cursor, cursor + 1], ...(cursor < 4 ? { cursor: String(cursor + 2) } : {}) })
  })
  const client = await on.clientOf()
  const seen: number[] = []
  const pages = client.pages<Page, number>('/a', {
    query: { size: 2 },
    items: page => page.items,
    next: ({ cursor }) => (cursor === undefined ? undefined : { cursor }),
  })
  for await (const item of pages) {
    seen.push(item)
    if (item === 1) expect(on.service.received).toHaveLength(1)
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5])
  expect(on.service.received.map(({ url }) => url)).toEqual([
    '/v1/a?size=2',
    '/v1/a?size=2&cursor=2',
    '/v1/a?size=2&cursor=4',
  ])
})

test('pages by the address in a Link header; a caller that has enough asks for no more', async () => {
  on.service.answer(({ url }, response) => {
    const page = Number(new URL(url, 'http://x').searchParams.get('page') ?? 1)
    const link = `<${on.service.url}/v1/a?page=9>; rel="last", <${on.service.url}/v1/a?page=${page + 1}>; rel="next"`
    answerJson(response, 200, { items: [page] }, { link })
  })
  const client = await on.clientOf()
  for await (const item of client.pages<Page, number>('/a', {
    items: page => page.items,
    next: (_page, headers) => nextLink(headers),
  }))
    if (item === 3) break
  expect(on.service.received.map(({ url }) => url)).toEqual(['/v1/a', '/v1/a?page=2', '/v1/a?page=3'])
  expect(nextLink(new Headers())).toBeUndefined()
  expect(nextLink(new Headers({ link: '<http://x>; rel="prev"' }))).toBeUndefined()
})

test('a page that names itself as the next does not go on for ever, and one elsewhere is not asked', async () => {
  const client = await on.clientOf()
  on.service.answer((_request, response) => answerJson(response, 200, { items: [1] }))
  const all = async (next: string) => {
    for await (const _item of client.pages<Page, number>('/a', { items: page => page.items, next: () => next }));
  }
  expect(await failureOf(all('/a'))).toMatchObject({ code: 'HTTP_BODY' })
  expect(on.service.received).toHaveLength(1)
  expect(await failureOf(all('http://evil.test/v1/a'))).toMatchObject({ code: 'HTTP_OPTIONS' })
})

test('a stream is passed on as it arrives, longer than the timeout, and has no limit', async () => {
  const client = await on.clientOf({ maxBytes: 10, timeoutMs: 200 })
  const more = Promise.withResolvers<void>()
  on.service.answer(async (_request, response) => {
    response.write('first part, ')
    await more.promise
    response.end('second part')
  })
  const { status, body } = await client.stream('/a')
  expect(status).toBe(200)
  const reader = body.getReader()
  const next = async () => Buffer.from((await reader.read()).value ?? '').toString()
  expect(await next()).toBe('first part, ')
  setTimeout(more.resolve, 250)
  expect(await next()).toBe('second part')
  expect((await reader.read()).done).toBe(true)
})

test('a stream ends when its caller aborts it, or cancels it', async () => {
  const client = await on.clientOf({ policy: on.policyOf() })
  let closed = Promise.withResolvers<void>()
  on.service.answer((_request, response) => {
    response.on('close', closed.resolve)
    response.write('part')
  })
  const [caller, later] = [new AbortController(), new AbortController()]
  const reader = (await client.stream('/a', { signal: caller.signal })).body.getReader()
  await reader.read()
  caller.abort()
  await expect(reader.read()).rejects.toThrow()
  await closed.promise
  closed = Promise.withResolvers()
  const unread = await client.stream('/a', { signal: later.signal })
  later.abort()
  await closed.promise
  await expect(unread.body.getReader().read()).rejects.toThrow()
  closed = Promise.withResolvers()
  const second = await client.stream('/a')
  await second.body.cancel()
  await closed.promise
})

test('a stream that the service refuses is an error like any other, and one before it is tried again', async () => {
  const client = await on.clientOf({ policy: on.policyOf() })
  on.first(reset, answering(404, { code: 'none' }))
  expect(await failureOf(client.stream('/a'))).toMatchObject({ status: 404, serviceCode: 'none' })
  expect(on.service.received).toHaveLength(2)
})

test('attempts are counted by route and status, and timed', async () => {
  const metrics = await createMetrics({ adapter: 'memory', maxSeries: 100, processMetrics: false })
  const client = await on.clientOf({ onCall: recordedCalls(metrics), timeoutMs: 5_000 })
  on.first(answering(404), reset)
  await failureOf(client.get('/orders/1'))
  await failureOf(client.get('/orders/2'))
  await client.get('/orders/3')
  await failureOf(client.get('/orders/4', { signal: AbortSignal.abort() }))
  const families = await metrics.collect()
  const counted = families.find(({ name }) => name === 'http_client_requests_total')
  const labels = { client: 'shop', route: 'GET /orders/:id' }
  expect(counted?.series).toEqual(
    expect.arrayContaining(
      ['404', 'HTTP_UNREACHABLE', '200', 'aborted'].map(status => ({ labels: { ...labels, status }, value: 1 })),
    ),
  )
  const timed = families.find(({ name }) => name === 'http_client_request_seconds')
  expect(timed?.series).toMatchObject([{ labels, count: 4 }])
})
