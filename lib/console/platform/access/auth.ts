import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { type GenericOAuthConfig, genericOAuth } from 'better-auth/plugins'
import { account, rateLimit, session, user, verification } from '../../../../drizzle/schema/index.ts'
import type { Logger } from '../../../infrastructure/logging/index.ts'
import type { ProviderSettings, Settings } from '../settings/port.ts'
import type { Store } from '../store/port.ts'

/** Sign-in over OAuth with sessions in Postgres. Provider URLs come from the settings, so Enterprise servers and any issuer serve too. */
export function createAuth({ settings, store, logger }: { settings: Settings; store: Store; logger: Logger }) {
  return betterAuth({
    baseURL: settings.url,
    basePath: '/api/auth',
    secret: settings.secret,
    telemetry: { enabled: false },
    trustedOrigins: [new URL(settings.url).origin],
    database: drizzleAdapter(store.db, { provider: 'pg', schema: { user, session, account, verification, rateLimit } }),
    user: { additionalFields: { login: { type: 'string', required: false, input: false } } },
    session: { expiresIn: 7 * 86_400, updateAge: 86_400 },
    // Only a verified address links a second provider to a person: otherwise a provider's word alone could make anyone an administrator.
    account: { accountLinking: { enabled: true } },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'rateLimit',
      window: 60,
      max: 60,
      customRules: { '/get-session': false },
    },
    advanced: {
      cookiePrefix: settings.cookiePrefix,
      useSecureCookies: settings.url.startsWith('https:'),
      ipAddress: { ipAddressHeaders: ['x-forwarded-for', 'x-real-ip'] },
    },
    plugins: [genericOAuth({ config: settings.providers.map(toConfig) })],
    onAPIError: { errorURL: '/sign-in' },
    // Its details can contain a failed query's parameters, and those a session's token: only the kind of error is kept.
    logger: {
      level: 'warn',
      log: (level, message, ...rest) =>
        logger[level === 'error' ? 'error' : 'warn'](message, {
          errors: rest.filter(detail => detail instanceof Error).map(error => error.name),
        }),
    },
  })
}

export type Auth = ReturnType<typeof createAuth>

function toConfig(provider: ProviderSettings): GenericOAuthConfig {
  const { id, label, clientId, clientSecret } = provider
  const common = { providerId: id, name: label, clientId, clientSecret, overrideUserInfo: true }
  if (provider.kind === 'oidc') {
    return {
      ...common,
      discoveryUrl: `${provider.issuer}/.well-known/openid-configuration`,
      scopes: ['openid', 'email', 'profile'],
      mapProfileToUser: profile => ({
        name: text(profile.name) || text(profile.email),
        email: text(profile.email),
        emailVerified: (profile.email_verified ?? profile.emailVerified) === true,
        login: undefined,
      }),
    }
  }
  return {
    ...common,
    authorizationUrl: `${provider.url}/login/oauth/authorize`,
    tokenUrl: `${provider.url}/login/oauth/access_token`,
    scopes: ['read:user', 'user:email'],
    async getUserInfo(tokens) {
      const ask = async (path: string) => {
        const response = await fetch(`${provider.apiUrl}${path}`, {
          headers: {
            authorization: `Bearer ${tokens.accessToken}`,
            accept: 'application/vnd.github+json',
            'user-agent': 'substation',
          },
          signal: AbortSignal.timeout(10_000),
        })
        return response.ok ? ((await response.json()) as unknown) : undefined
      }
      const profile = (await ask('/user')) as
        | { id: number; login: string; name?: string; avatar_url?: string }
        | undefined
      if (!profile) return null
      // The profile's own address is whatever its owner wrote there; only this list says which address GitHub has verified.
      const addresses = ((await ask('/user/emails')) ?? []) as { email: string; primary: boolean; verified: boolean }[]
      const address =
        addresses.find(entry => entry.primary && entry.verified) ?? addresses.find(entry => entry.verified)
      return {
        id: String(profile.id),
        name: profile.name || profile.login,
        // Without a verified address only the login can give a role; the placeholder cannot be anyone's.
        email: address?.email ?? `${profile.id}+${profile.login}@users.noreply.github.invalid`,
        emailVerified: address !== undefined,
        image: profile.avatar_url,
        login: profile.login,
      }
    },
    mapProfileToUser: profile => ({ login: text(profile.login) }),
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
