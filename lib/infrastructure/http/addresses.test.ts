import type { LookupFunction } from 'node:net'
import { expect, test } from 'vitest'
import { answering, failureOf, httpSetting } from '../testing/http-setting.ts'
import { answerJson, startLocalService } from '../testing/local-service.ts'
import { selfSigned } from '../testing/self-signed.ts'
import { isPrivate } from './adapters/addresses.ts'
import { publicLookup } from './adapters/public-lookup.ts'
import { addressOf, routeOf } from './address.ts'
import { createHttpClient } from './index.ts'

const on = httpSetting()
const { clientOf, first } = on
const port = () => new URL(on.service.url).port

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '0x7f000001',
  '0.0.0.0',
  '127.255.0.9',
  '１２７.0.0.1',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '10.1.2.3',
  '172.31.255.1',
  '192.168.0.1',
  '169.254.169.254',
  '168.63.129.16',
  '100.100.100.200',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[ff02::1]',
  'localhost',
  'LOCALHOST',
])('%s is not called', async host => {
  const client = await clientOf({ baseUrl: `http://${host}:${port()}`, allowPrivate: false })
  expect(await failureOf(client.post('/a', {}))).toMatchObject({
    code: 'HTTP_ADDRESS',
    notDone: true,
    retryable: false,
  })
  expect(on.service.received).toEqual([])
})

test('public addresses are no private ones, and what is no address counts as one', () => {
  const all = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1', '::ffff:8.8.8.8']
  expect(all.filter(isPrivate)).toEqual([])
  expect(isPrivate('example.com')).toBe(true)
})

test('hosts that are named may have a private address, and no others', async () => {
  const lookup: LookupFunction = (_host, options, callback) =>
    options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)
  const options = { lookup, allowPrivate: ['Mine.test'] }
  const mine = await clientOf({ ...options, baseUrl: `http://mine.test:${port()}` })
  expect(await mine.get('/a')).toEqual({ ok: true })
  const other = await clientOf({ ...options, baseUrl: `http://other.test:${port()}` })
  expect(await failureOf(other.get('/a'))).toMatchObject({ code: 'HTTP_ADDRESS' })
  const unknown = await clientOf({
    lookup: (_host, _options, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), '', 0),
    baseUrl: 'http://unknown.test',
  })
  expect(await failureOf(unknown.get('/a'))).toMatchObject({
    code: 'HTTP_UNREACHABLE',
    retryable: false,
    notDone: true,
  })
  expect(on.service.received).toHaveLength(1)
})

test('a name is resolved once for a connection, and only to what is public', () => {
  let resolved = 0
  const lookup: LookupFunction = (host, _options, callback) => {
    resolved++
    if (host === 'none.test') return callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), '', 0)
    callback(null, [
      { address: '10.0.0.1', family: 4 },
      { address: '8.8.8.8', family: 4 },
      { address: '::1', family: 6 },
    ])
  }
  const guarded = publicLookup(lookup, () => false)
  const answers: unknown[] = []
  const note = (...given: unknown[]) => answers.push(given)
  guarded('mixed.test', { all: true }, note)
  guarded('mixed.test', {}, note)
  guarded('none.test', {}, note)
  expect(answers).toEqual([
    [null, [{ address: '8.8.8.8', family: 4 }]],
    [null, '8.8.8.8', 4],
    [expect.objectContaining({ code: 'ENOTFOUND' }), '', 0],
  ])
  expect(resolved).toBe(3)
})

test.each([
  '../admin',
  'a/../../admin',
  '%2e%2e/admin',
  '..%2fadmin',
  'a%5c..%5c..%5cadmin',
  '\\..\\..\\admin',
  'http://evil.test/v1/a',
  'https://api.test:444/v1/a',
  'http://api.test.evil.test/v1/a',
  'https://me:secret@api.test/v1/a',
  'https://[',
])('the path %s does not leave the base', path => {
  expect(() => addressOf(new URL('https://api.test/v1/'), path)).toThrow()
})

test('a path is below the base, whatever it looks like', () => {
  const at = (path: string) => addressOf(new URL('https://api.test/v1/'), path).href
  expect(at('users:batch')).toBe('https://api.test/v1/users:batch')
  expect(at('//evil.test/a')).toBe('https://api.test/v1/evil.test/a')
  expect(at('a?b=1')).toBe('https://api.test/v1/a?b=1')
  expect(at('https://api.test/v1/a?page=2')).toBe('https://api.test/v1/a?page=2')
  expect(at('files/a..b')).toBe('https://api.test/v1/files/a..b')
})

test('a route has neither ids nor secrets', () => {
  expect(routeOf('v1/charges/ch_3Nabc?x=secret')).toBe('/v1/charges/:id')
  expect(routeOf('https://api.test/v2/users/42/orders#f')).toBe('/v2/users/:id/orders')
  expect(routeOf('/hooks/abcdefghijklmnopqrstuvwxyz')).toBe('/hooks/:id')
  expect(routeOf('')).toBe('/')
})

test('an address that is none is refused when the client is made', async () => {
  for (const baseUrl of ['', 'api.test', 'ftp://api.test', 'https://a:b@api.test', 'https://api.test?x=1'])
    await expect(createHttpClient({ name: 'shop', baseUrl })).rejects.toMatchObject({ code: 'HTTP_OPTIONS' })
})

test('a redirect is followed within its origin, for what only reads', async () => {
  const client = await clientOf({ auth: { kind: 'bearer', token: 't' } })
  first(answering(302, {}, { location: '/v1/moved?x=1' }))
  expect(await client.get('/a')).toEqual({ ok: true })
  expect(on.service.received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/v1/a', 'Bearer t'],
    ['/v1/moved?x=1', 'Bearer t'],
  ])
  for (const location of ['/v1/moved', 'http://['])
    for (const method of ['POST', 'DELETE'] as const) {
      first(answering(307, {}, { location }))
      expect(await failureOf(client.request(method, '/a'))).toMatchObject({ code: 'HTTP_REDIRECT', status: 307 })
    }
  on.service.answer(answering(301, {}, { location: '/v1/round' }))
  expect(await failureOf(client.get('/round'))).toMatchObject({ code: 'HTTP_REDIRECT' })
  const refusing = await clientOf({ redirects: 'refuse' })
  expect(await failureOf(refusing.get('/a'))).toMatchObject({ code: 'HTTP_REDIRECT' })
  on.service.answer(answering(304))
  expect((await client.request('GET', '/a')).status).toBe(304)
})

test('a redirect to another origin is refused; where it is followed, neither it nor a redirect back gets credentials', async () => {
  const other = on.closing(await startLocalService())
  other.answer((_request, response) => response.writeHead(302, { location: `${on.service.url}/v1/back` }).end())
  const secrets = { auth: { kind: 'bearer', token: 't' }, headers: { 'x-key': 'k', cookie: 'c' } } as const
  const strict = await clientOf(secrets)
  first(answering(302, {}, { location: `${other.url}/a` }))
  expect(await failureOf(strict.get('/a'))).toMatchObject({ code: 'HTTP_REDIRECT' })
  expect(other.received).toEqual([])

  const client = await clientOf({ ...secrets, redirects: 'any-origin' })
  first(answering(302, {}, { location: `${other.url}/a` }))
  expect(await client.get('/a', { headers: { 'x-more': 'm' } })).toEqual({ ok: true })
  for (const { headers } of [...other.received, on.service.received.at(-1)!]) {
    expect(headers).toMatchObject({ accept: 'application/json' })
    for (const name of ['authorization', 'x-key', 'cookie', 'x-more']) expect(headers).not.toHaveProperty(name)
  }
  first(answering(302, {}, { location: 'file:///etc/passwd' }))
  expect(await failureOf(client.get('/a'))).toMatchObject({ code: 'HTTP_REDIRECT' })
})

test('a redirect to a private address is not followed where that is not allowed', async () => {
  const lookup: LookupFunction = (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }])
  const client = await clientOf({
    baseUrl: `http://mine.test:${port()}`,
    lookup,
    allowPrivate: ['mine.test'],
    redirects: 'any-origin',
  })
  first(answering(302, {}, { location: `${on.service.url}/metadata` }))
  expect(await failureOf(client.get('/a'))).toMatchObject({ code: 'HTTP_ADDRESS' })
  expect(on.service.received).toHaveLength(1)
})

test('a certificate that is not trusted is a failure with nothing done; one that is named is trusted', async () => {
  const { createServer } = await import('node:https')
  const server = createServer(selfSigned, (_request, response) => answerJson(response, 200, { tls: true }))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  on.closing(server)
  const baseUrl = `https://127.0.0.1:${(server.address() as { port: number }).port}`
  const wary = await clientOf({ baseUrl })
  expect(await failureOf(wary.post('/a', {}))).toMatchObject({
    code: 'HTTP_UNREACHABLE',
    notDone: true,
    retryable: false,
  })
  const trusting = await clientOf({ baseUrl, tls: { ca: selfSigned.cert } })
  expect(await trusting.get('/a')).toEqual({ tls: true })
})
