import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { answering, failureOf, httpSetting, reset } from '../testing/http-setting.ts'
import { answerJson, type LocalService } from '../testing/local-service.ts'
import { createHttpClient, type HttpCall, HttpError, isAboutTheRequest } from './index.ts'

const on = httpSetting()
const { clientOf, policyOf, first } = on

test('JSON goes out and comes back, under the path of the base, with query and headers', async () => {
  const client = await clientOf({ headers: { 'X-Team': 'shop' }, trace: () => ({ traceparent: '00-1-2-01' }) })
  on.service.answer((request, response) =>
    answerJson(response, 201, { echo: JSON.parse(request.body.toString()) }, { 'X-Request-Id': 'r1' }),
  )
  const answer = await client.request('POST', '/orders', {
    body: { cents: 5 },
    query: { q: 'a b', tag: ['x', 'y'], none: undefined, page: 2, deep: true },
    headers: { 'X-Team': 'other' },
  })
  expect(answer).toMatchObject({ status: 201, body: { echo: { cents: 5 } } })
  expect(answer.headers.get('x-request-id')).toBe('r1')
  expect(on.service.received).toMatchObject([
    {
      method: 'POST',
      url: '/v1/orders?q=a+b&tag=x&tag=y&page=2&deep=true',
      headers: {
        'content-type': 'application/json',
        'x-team': 'other',
        traceparent: '00-1-2-01',
        accept: 'application/json',
      },
    },
  ])
})

test('each method is sent as itself, and an empty answer is undefined', async () => {
  const client = await clientOf()
  on.service.answer((_request, response) => response.writeHead(204).end())
  expect(await client.get('/a')).toBeUndefined()
  expect(await client.post('/a', { n: 1 })).toBeUndefined()
  expect(await client.put('/a', { n: 1 })).toBeUndefined()
  expect(await client.patch('/a', { n: 1 })).toBeUndefined()
  expect(await client.delete('/a')).toBeUndefined()
  expect((await client.request('HEAD', '/a')).status).toBe(204)
  expect(on.service.received.map(({ method }) => method)).toEqual(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])
})

test('text, bytes, forms and streams are sent as they are', async () => {
  const client = await clientOf()
  const form = new FormData()
  form.set('file', new Blob(['hello']), 'a.txt')
  await client.post('/a', 'plain')
  await client.post('/a', new Uint8Array([1, 2]))
  await client.post('/a', new URLSearchParams({ a: '1 2' }))
  await client.post('/a', form)
  await client.post('/a', new Blob(['blob']))
  await client.post('/a', Readable.from([Buffer.from('node')]))
  await client.post('/a', new Blob(['web']).stream())
  expect(
    on.service.received.map(({ headers, body }) => [headers['content-type']?.split(';')[0], body.toString()]),
  ).toEqual([
    ['text/plain', 'plain'],
    ['application/octet-stream', '\u0001\u0002'],
    ['application/x-www-form-urlencoded', 'a=1+2'],
    ['multipart/form-data', expect.stringContaining('hello')],
    ['application/octet-stream', 'blob'],
    ['application/octet-stream', 'node'],
    ['application/octet-stream', 'web'],
  ])
})

test('what cannot be written as JSON is refused before anything is sent', async () => {
  const client = await clientOf()
  const circle: { me?: unknown } = {}
  circle.me = circle
  for (const body of [circle, () => 1])
    expect(await failureOf(client.post('/a', body))).toMatchObject({ code: 'HTTP_OPTIONS', notDone: true })
  expect(await failureOf(client.get('/a', { headers: { 'x-bad': 'a\nb' } }))).toMatchObject({ code: 'HTTP_OPTIONS' })
  expect(on.service.received).toEqual([])
})

test('text and bytes are answered where they are asked for, and a body is checked', async () => {
  const client = await clientOf()
  on.service.answer((_request, response) => response.end('{"n":1}'))
  expect(await client.get('/a', { as: 'text' })).toBe('{"n":1}')
  expect(Buffer.from(await client.get<Uint8Array>('/a', { as: 'bytes' })).toString()).toBe('{"n":1}')
  const n = (body: unknown) => (body as { n: number }).n
  expect(await client.get('/a', { parse: n })).toBe(1)
  const failure = await failureOf(
    client.get('/a', {
      parse() {
        throw new Error('n is no string')
      },
    }),
  )
  expect(failure).toMatchObject({
    code: 'HTTP_BODY',
    status: 200,
    retryable: false,
    cause: { message: 'n is no string' },
  })
})

test('an answer that is no JSON is an error that does not quote it', async () => {
  const client = await clientOf()
  on.service.answer((_request, response) => response.end('<html>secret-word'))
  const failure = await failureOf(client.get('/a'))
  expect(failure).toMatchObject({ code: 'HTTP_BODY', status: 200 })
  expect(failure?.message).toBe('shop answered GET /a with 200 and what is no JSON')
})

test.each([
  {
    name: 'basic',
    auth: { kind: 'basic', user: 'me', password: 'p' },
    header: 'authorization',
    sent: 'Basic bWU6cA==',
  },
  { name: 'a bearer token', auth: { kind: 'bearer', token: 't' }, header: 'authorization', sent: 'Bearer t' },
  {
    name: 'a token made for each attempt',
    auth: { kind: 'bearer', token: async () => 'fresh' },
    header: 'authorization',
    sent: 'Bearer fresh',
  },
  { name: 'an API key', auth: { kind: 'api-key', header: 'X-Key', key: 'k' }, header: 'x-key', sent: 'k' },
] as const)('it authenticates by $name', async ({ auth, header, sent }) => {
  const client = await clientOf({ auth })
  await client.get('/a')
  expect(on.service.received[0]?.headers[header]).toBe(sent)
})

test('an error of the service is translated once: status, code, request id, waiting time, whether it was done', async () => {
  const client = await clientOf()
  first(
    answering(402, { error: { code: 'card_declined', message: 'Your card was declined.' } }, { 'request-id': 'req_1' }),
  )
  expect(await failureOf(client.post('/charges/ch_1', { cents: 5 }))).toMatchObject({
    message: 'shop answered POST /charges/:id with 402 (card_declined): Your card was declined.',
    code: 'HTTP_STATUS',
    status: 402,
    serviceCode: 'card_declined',
    requestId: 'req_1',
    notDone: true,
    retryable: false,
  })
})

test.each([
  [{ code: 'gone', message: 'no more' }, 'gone', 'no more'],
  [{ error: 'invalid_grant', error_description: 'expired' }, 'invalid_grant', 'expired'],
  [{ type: 'about:blank', title: 'Gone', detail: 'It is gone' }, 'about:blank', 'It is gone'],
  [{ error: { type: 'api', message: 'broken' } }, 'api', 'broken'],
  [{ title: 'Gone' }, undefined, 'Gone'],
  [{ code: 42 }, '42', undefined],
  [['what no one has sent before'], undefined, undefined],
  [null, undefined, undefined],
])('the words of %j are found', async (body, code, words) => {
  const client = await clientOf()
  on.service.answer(answering(410, body))
  const failure = await failureOf(client.get('/a'))
  expect(failure).toMatchObject({ serviceCode: code, status: 410 })
  expect(failure?.message).toBe(`shop answered GET /a with 410${code ? ` (${code})` : ''}${words ? `: ${words}` : ''}`)
})

test('a service may have its own way to say it, and a mistake there does not hide the status', async () => {
  const client = await clientOf({
    readError({ status: code, headers, body }) {
      if (code === 500) throw new Error('not foreseen')
      return { code: String((body as { fault: string }).fault), requestId: headers.get('x-id') ?? '', message: 'm' }
    },
  })
  first(answering(400, { fault: 'F7' }, { 'x-id': 'i' }), answering(500))
  expect(await failureOf(client.get('/a'))).toMatchObject({ serviceCode: 'F7', requestId: 'i' })
  expect(await failureOf(client.get('/a'))).toMatchObject({ status: 500, serviceCode: undefined })
})

test('no secret of address, header or body is in a message', async () => {
  const secrets = ['q-secret', 'h-secret', 'b-secret', 'T00SECRET9', 'sk_live_abcdefghijklmnopqrstuvwx']
  const client = await clientOf({ auth: { kind: 'bearer', token: 'h-secret' } })
  const paths = '/hooks/T00SECRET9/sk_live_abcdefghijklmnopqrstuvwx'
  const seen: unknown[] = []
  for (const way of [answering(500, { message: 'key sk_live_abcdefghijklmnopqrstuvwx' }), reset]) {
    on.service.answer(way)
    const failure = await failureOf(client.post(paths, { b: 'b-secret' }, { query: { q: 'q-secret' } }))
    seen.push(failure?.message, failure?.nextStep, (failure?.cause as Error | undefined)?.message)
  }
  const wrong = { name: 'shop', baseUrl: 'ftp://me:q-secret@host' }
  seen.push((await failureOf(createHttpClient(wrong)))?.message)
  seen.push((await failureOf(createHttpClient({ ...wrong, baseUrl: 'https://me:q-secret@host' })))?.message)
  for (const secret of secrets) expect(JSON.stringify(seen)).not.toContain(secret)
})

test('what may be made twice is repeated after 500, 503 and a reset; a POST is not', async () => {
  const client = await clientOf({ policy: policyOf() })
  first(answering(500), reset)
  expect(await client.get('/a')).toEqual({ ok: true })
  first(answering(503), answering(502))
  expect(await client.put('/a', {})).toEqual({ ok: true })
  expect(on.service.received).toHaveLength(6)
  for (const way of [reset, answering(500)]) {
    first(way)
    expect(await failureOf(client.post('/a', {}))).toMatchObject({ retryable: false, notDone: false })
  }
  expect(on.service.received).toHaveLength(8)
})

test('a POST with a key is repeated with the same key, in the header that the service reads', async () => {
  const client = await clientOf({ policy: policyOf(), idempotencyHeader: 'x-once' })
  first(reset, answering(500))
  await client.post('/a', { n: 1 }, { idempotencyKey: 'k1' })
  expect(on.service.received.map(({ headers, body }) => [headers['x-once'], body.toString()])).toEqual(
    Array.from({ length: 3 }, () => ['k1', '{"n":1}']),
  )
})

test('a POST that was refused with 429 is repeated after the time that the service asks for', async () => {
  const client = await clientOf({ policy: policyOf() })
  first(answering(429, {}, { 'retry-after': '0.02' }))
  expect(await client.post('/a', {})).toEqual({ ok: true })
  expect(on.service.received).toHaveLength(2)
  const date = new Date('2026-01-01T00:00:00Z')
  first(
    answering(429, {}, { date: date.toUTCString(), 'retry-after': new Date(date.getTime() + 90_000).toUTCString() }),
  )
  expect(await failureOf(client.post('/a', {}))).toMatchObject({ retryAfterMs: 90_000, retryable: true, notDone: true })
  first(answering(503, {}, { 'retry-after': 'soon' }))
  expect(await failureOf(client.post('/a', {}))).toMatchObject({ retryAfterMs: undefined, retryable: false })
})

test('a stream is sent once, whatever happens', async () => {
  const client = await clientOf({ policy: policyOf() })
  first(answering(429))
  const body = Readable.from([Buffer.from('a')])
  expect(await failureOf(client.put('/a', body))).toMatchObject({ status: 429, retryable: false })
  expect(on.service.received).toHaveLength(1)
})

test('a POST that its policy has given up is not made again', async () => {
  const client = await clientOf({ policy: policyOf({ timeoutMs: 50 }) })
  on.service.answer(() => undefined)
  expect(await failureOf(client.post('/a', {}))).toMatchObject({ code: 'HTTP_TIMEOUT', retryable: false })
  // On a slow machine it was given up before it arrived.
  expect(on.service.received.length).toBeLessThan(2)
})

test('without an answer in time it is a timeout; an answer that comes later belongs to no one', async () => {
  const client = await clientOf({ timeoutMs: 50 })
  const held: (() => unknown)[] = []
  on.service.answer((request, response) => {
    held.push(() => answerJson(response, 200, { url: request.url }))
  })
  expect(await failureOf(client.post('/a', {}))).toMatchObject({
    code: 'HTTP_TIMEOUT',
    retryable: false,
    notDone: false,
  })
  expect(await failureOf(client.get('/a'))).toMatchObject({ code: 'HTTP_TIMEOUT', retryable: true })
  on.service.answer((request, response) => {
    for (const answer of held) answer()
    answerJson(response, 200, { url: request.url })
  })
  expect(await client.get('/next', { timeoutMs: 10_000 })).toEqual({ url: '/v1/next' })
})

test('the timeout covers the body', async () => {
  const client = await clientOf({ timeoutMs: 50 })
  on.service.answer((_request, response) => response.write('{"half":'))
  expect(await failureOf(client.get('/a'))).toMatchObject({ code: 'HTTP_TIMEOUT' })
})

test('a body that breaks off is no answer', async () => {
  const client = await clientOf({ policy: policyOf() })
  first((_request, response, raw) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"half":', () => raw.socket.destroy())
  })
  expect(await client.get('/a')).toEqual({ ok: true })
  expect(on.service.received).toHaveLength(2)
})

test('where nothing listens nothing was done, so even a POST may be made elsewhere', async () => {
  const client = await clientOf()
  await client.get('/a')
  await on.service.close()
  const failure = await failureOf(client.post('/a', {}))
  expect(failure).toMatchObject({ code: 'HTTP_UNREACHABLE', notDone: true, retryable: true })
  expect(failure?.message).toBe('shop refuses connections (POST /a)')
})

test('a caller that gives up ends it with its own reason', async () => {
  const client = await clientOf({ policy: policyOf() })
  const arrived = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  on.service.answer((_request, response) => {
    response.on('close', gone.resolve)
    arrived.resolve()
  })
  const caller = new AbortController()
  const pending = client.get('/a', { signal: caller.signal })
  const reason = new Error('no longer wanted')
  void arrived.promise.then(() => caller.abort(reason))
  await expect(pending).rejects.toBe(reason)
  await gone.promise
  await expect((await clientOf()).get('/a', { signal: caller.signal })).rejects.toBe(reason)
  expect(on.service.received).toHaveLength(1)
})

test('5 MB are read; more than the limit is not, however it arrives', async () => {
  const large = Buffer.alloc(5_000_000, 'a')
  const client = await clientOf({ maxBytes: 5_000_000 })
  on.service.answer((_request, response) => response.end(large))
  expect(await client.get<Uint8Array>('/a', { as: 'bytes' })).toHaveLength(5_000_000)
  const more = Buffer.alloc(5_000_001, 'a')
  const ways: Parameters<LocalService['answer']>[0][] = [
    (_request, response) => response.end(more),
    (_request, response) => {
      response.write('a')
      response.end(large)
    },
    (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(more)),
  ]
  for (const way of ways) {
    on.service.answer(way)
    expect(await failureOf(client.get('/a', { as: 'bytes' }))).toMatchObject({ code: 'HTTP_BODY', retryable: false })
  }
})

test('a compressed answer is decompressed; what is none is an error', async () => {
  const client = await clientOf()
  on.service.answer((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"n":1}')),
  )
  expect(await client.get('/a')).toEqual({ n: 1 })
  on.service.answer((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'))
  expect(await failureOf(client.get('/a'))).toMatchObject({ code: 'HTTP_BODY' })
})

test('each attempt is reported, and whoever observes them fails none', async () => {
  const calls: HttpCall[] = []
  const client = await clientOf({
    policy: policyOf(),
    onCall(call) {
      calls.push(call)
      throw new Error('of the observer')
    },
  })
  first(answering(500), reset)
  await client.get('/orders/o-17', { query: { secret: 's' } })
  await client.get('/orders/o-17', { route: '/orders/:order' })
  expect(calls).toMatchObject([
    { client: 'shop', method: 'GET', route: '/orders/:id', status: 500, error: { code: 'HTTP_STATUS' } },
    { route: '/orders/:id', error: { code: 'HTTP_UNREACHABLE' } },
    { route: '/orders/:id', status: 200, ms: expect.any(Number) },
    { route: '/orders/:order', status: 200 },
  ])
  expect(calls[1]).not.toHaveProperty('status')
  expect(calls[2]).not.toHaveProperty('error')
})

test('after its end it takes no request', async () => {
  const client = await clientOf()
  await client.close()
  expect(await failureOf(client.get('/a'))).toMatchObject({ code: 'HTTP_CLOSED', notDone: true, retryable: false })
})

test('what is about the request does not count against the service', () => {
  const answered = (code: number) => isAboutTheRequest(new HttpError('', { code: 'HTTP_STATUS', status: code }))
  expect([400, 402, 404, 422].map(answered)).toEqual([true, true, true, true])
  expect([401, 408, 429, 500, 503].map(answered)).toEqual([false, false, false, false, false])
  expect(isAboutTheRequest(new HttpError('', { code: 'HTTP_ADDRESS' }))).toBe(true)
  expect(isAboutTheRequest(new HttpError('', { code: 'HTTP_TIMEOUT' }))).toBe(false)
  expect(isAboutTheRequest(new Error())).toBe(false)
})
