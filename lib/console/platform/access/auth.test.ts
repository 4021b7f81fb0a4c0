import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, user } from '../../../../drizzle/schema/index.ts'
import { createLogger } from '../../../infrastructure/logging/index.ts'
import { createDatabase, redisUrl } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import { openTestConsole, testSettings } from '../../testing/open-test-console.ts'
import { type Sessions, sessions } from './sessions.ts'

/** What the provider says of the next person who signs in. */
interface Profile {
  id: number
  login: string
  /** What its owner wrote into it. */
  email: string
  addresses: { email: string; primary: boolean; verified: boolean }[]
}

const ADMIN = 'admin@example.test'
const BOB = 'bob@example.test'
let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let known: Sessions
let provider: Server
let profile: Profile

beforeAll(async () => {
  database = await createDatabase()
  provider = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    const answer =
      path === '/login/oauth/access_token'
        ? { access_token: 'token', token_type: 'bearer', scope: 'user:email' }
        : path === '/user'
          ? { id: profile.id, login: profile.login, name: profile.login, email: profile.email }
          : profile.addresses
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>(done => provider.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  const common = { kind: 'github', label: 'GitHub', clientId: 'id', clientSecret: 'secret', url, apiUrl: url } as const
  const settings = {
    ...testSettings({ databaseUrl: database.url, redisUrl: redisUrl() }),
    access: { admins: [ADMIN], operators: [], viewers: [], allowedDomains: [], defaultRole: 'viewer' as const },
    // Two providers of one kind, as a company with GitHub and GitHub Enterprise has.
    providers: [
      { ...common, id: 'github' as const },
      { ...common, id: 'google' as never },
    ],
  }
  console = await openTestConsole(settings)
  known = sessions({ settings, store: console.store, logger: await createLogger({ level: 'silent', format: 'json' }) })
})
afterAll(async () => {
  await console.close()
  await new Promise(done => provider.close(done))
  await database.drop()
})

const cookiesOf = (answer: Response) => answer.headers.getSetCookie().map(cookie => cookie.split(';')[0])

/** The flow as a browser makes it; resolves with who the visitor then is to the console. */
async function signIn(through: string, as: Profile) {
  profile = as
  const auth = await known.auth()
  const started = await auth.api.signInSocial({
    body: {
      provider: through,
      callbackURL: `${console.settings.url}/`,
      errorCallbackURL: `${console.settings.url}/sign-in`,
    },
    headers: new Headers(),
    asResponse: true,
  })
  const { url } = (await started.json()) as { url: string }
  const state = new URL(url).searchParams.get('state')
  const back = await auth.handler(
    new Request(`${console.settings.url}/api/auth/callback/${through}?code=code&state=${state}`, {
      headers: { cookie: cookiesOf(started).join('; ') },
    }),
  )
  const cookie = cookiesOf(back).join('; ')
  const headers = new Headers({ cookie })
  return { headers, visitor: await known.visitor(headers, 'console') }
}

const accountsOf = async (email: string) => {
  const rows = await console.store.db
    .select({ provider: account.providerId })
    .from(account)
    .innerJoin(user, eq(account.userId, user.id))
    .where(eq(user.email, email))
  return rows.map(row => row.provider).sort()
}

test('a verified address gives the role it is listed for, and links a second provider to the same person', async () => {
  const person = { id: 1, login: 'ada', email: ADMIN, addresses: [{ email: ADMIN, primary: true, verified: true }] }
  const first = await signIn('github', person)
  expect(first.visitor).toMatchObject({ status: 'admitted', actor: { role: 'admin', email: ADMIN } })
  const second = await signIn('google', { ...person, id: 2 })
  expect(second.visitor).toMatchObject({ status: 'admitted', actor: { role: 'admin', email: ADMIN } })
  expect(await accountsOf(ADMIN)).toEqual(['github', 'google'])
})

test('a session that ends while it is being read is not accepted afterwards', async () => {
  const person = { id: 3, login: 'bob', email: BOB, addresses: [{ email: BOB, primary: true, verified: true }] }
  const { headers } = await signIn('github', person)
  known.forget(headers)
  const reading = known.visitor(headers, 'console')
  // Signed out elsewhere while Postgres still answers that the session exists.
  known.forget(headers)
  await reading
  await (await known.auth()).api.signOut({ headers })
  expect(await known.visitor(headers, 'console')).toEqual({ status: 'anonymous' })
})

test('an address that is only written into a profile gives no role and opens no one else’s account', async () => {
  const before = await accountsOf(ADMIN)
  for (const addresses of [[], [{ email: ADMIN, primary: true, verified: false }]]) {
    const { visitor } = await signIn('github', { id: 66, login: 'mallory', email: ADMIN, addresses })
    expect(visitor).toMatchObject({ status: 'denied', name: 'mallory' })
  }
  expect(await accountsOf(ADMIN)).toEqual(before)
})
