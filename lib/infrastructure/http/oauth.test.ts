import { expect, test } from 'vitest'
import { failureOf, httpSetting } from '../testing/http-setting.ts'
import { answerJson } from '../testing/local-service.ts'
import { type OAuthOptions, oauthTokens, type TokenRequest, type Tokens, tokenRequest } from './index.ts'

const on = httpSetting()

/** An authorization server and an API in one: each token it gives replaces the one before. */
async function oauthSetting(options: Partial<OAuthOptions> = {}, request: Partial<TokenRequest> = {}, seconds = 3_600) {
  let valid = 0
  const grants: URLSearchParams[] = []
  on.service.answer((received, response) => {
    if (received.url !== '/v1/token')
      return received.headers.authorization === `Bearer t${valid}`
        ? answerJson(response, 200, { ok: true })
        : answerJson(response, 401, { error: 'invalid_token' })
    grants.push(new URLSearchParams(received.body.toString()))
    answerJson(response, 200, { access_token: `t${++valid}`, expires_in: seconds, refresh_token: `r${valid}` })
  })
  const http = await on.clientOf({ name: 'login' })
  const refresh = tokenRequest({ http, path: '/token', clientId: 'me', clientSecret: 's3', ...request })
  const client = await on.clientOf({ auth: { kind: 'oauth2', tokens: oauthTokens({ refresh, ...options }) } })
  return {
    client,
    grants,
    expire: () => {
      valid = 1_000
    },
  }
}

test('many callers at once cause one request for a token', async () => {
  const { client, grants } = await oauthSetting({}, { scope: 'read', fields: { audience: 'shop' } })
  await Promise.all(Array.from({ length: 20 }, () => client.get('/a')))
  expect(grants.map(grant => Object.fromEntries(grant))).toEqual([
    { grant_type: 'client_credentials', client_id: 'me', client_secret: 's3', scope: 'read', audience: 'shop' },
  ])
})

test('a token that is refused is refreshed once for all, with the refresh token, and each call is made again', async () => {
  const { client, grants, expire } = await oauthSetting()
  await client.get('/a')
  expire()
  await Promise.all(Array.from({ length: 10 }, () => client.post('/a', {})))
  expect(grants.map(grant => grant.get('grant_type'))).toEqual(['client_credentials', 'refresh_token'])
  expect(grants[1]?.get('refresh_token')).toBe('r1')
})

test('a second refusal is the answer', async () => {
  const { client, grants } = await oauthSetting()
  on.service.answer((received, response) => {
    if (received.url !== '/v1/token') return answerJson(response, 401, { error: 'invalid_token' })
    grants.push(new URLSearchParams())
    answerJson(response, 200, { access_token: 't' })
  })
  expect(await failureOf(client.get('/a'))).toMatchObject({
    status: 401,
    serviceCode: 'invalid_token',
    retryable: false,
  })
  expect(grants).toHaveLength(2)
})

test('a token that ends soon is refreshed before it is used', async () => {
  const { client, grants } = await oauthSetting({ earlyMs: 60_000 }, {}, 59)
  await client.get('/a')
  await client.get('/a')
  expect(grants).toHaveLength(2)
  expect(on.service.received.filter(({ url }) => url === '/v1/a')).toHaveLength(2)
})

test('the refresh token of a user is the first one, and the client may authenticate by header', async () => {
  const { client, grants } = await oauthSetting({}, { refreshToken: 'r0', authenticateBy: 'basic' })
  await client.get('/a')
  expect(Object.fromEntries(grants[0] ?? [])).toEqual({ grant_type: 'refresh_token', refresh_token: 'r0' })
  expect(on.service.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:s3').toString('base64')}`)
})

test('what another process has refreshed is taken instead, and what is refreshed here is kept', async () => {
  const kept: Tokens[] = []
  let loaded: Tokens | undefined = { accessToken: 'stale', expiresAt: Date.now() - 1, refreshToken: 'r-kept' }
  const asked: unknown[] = []
  const tokens = oauthTokens({
    load: async () => loaded,
    save: async fresh => void kept.push(fresh),
    refresh: async former => {
      asked.push(former?.refreshToken)
      return { accessToken: 'fresh' }
    },
  })
  expect(await tokens.token()).toBe('fresh')
  expect(asked).toEqual(['r-kept'])
  expect(kept).toEqual([{ accessToken: 'fresh', refreshToken: 'r-kept' }])
  loaded = { accessToken: 'of another' }
  tokens.refused('one before')
  expect(await tokens.token()).toBe('fresh')
  tokens.refused('fresh')
  expect(await tokens.token()).toBe('of another')
  expect(kept).toHaveLength(1)
})

test('without a token nothing was done, and the reason is the token’s', async () => {
  const { client } = await oauthSetting()
  on.service.answer((_received, response) => answerJson(response, 503, { error: 'busy' }, { 'retry-after': '3' }))
  expect(await failureOf(client.post('/a', {}))).toMatchObject({
    code: 'HTTP_AUTH',
    status: 503,
    retryAfterMs: 3_000,
    notDone: true,
    message: 'There is no access token: login answered POST /token with 503 (busy)',
  })
  on.service.answer((_received, response) => answerJson(response, 200, {}))
  expect(await failureOf(client.get('/a'))).toMatchObject({ code: 'HTTP_AUTH', retryable: false })
  const own = await on.clientOf({
    auth: {
      kind: 'bearer',
      token() {
        throw new Error('the vault is closed')
      },
    },
  })
  expect(await failureOf(own.get('/a'))).toMatchObject({
    message: 'There is no access token',
    cause: { message: 'the vault is closed' },
  })
})

test('a caller that gives up does not wait for the token, which others get', async () => {
  const token = Promise.withResolvers<Tokens>()
  const asked = Promise.withResolvers<void>()
  const tokens = oauthTokens({
    refresh() {
      asked.resolve()
      return token.promise
    },
  })
  const client = await on.clientOf({ auth: { kind: 'oauth2', tokens } })
  const caller = new AbortController()
  const impatient = client.get('/a', { signal: caller.signal })
  const patient = client.get('/a')
  void asked.promise.then(() => caller.abort(new Error('enough')))
  await expect(impatient).rejects.toThrow('enough')
  token.resolve({ accessToken: 't' })
  expect(await patient).toEqual({ ok: true })
})
