import { z } from 'zod'
import { defineSlice, field } from '../../../infrastructure/config/index.ts'
import { ENVIRONMENT_NAME } from '../../../infrastructure/fleet/index.ts'
import type { AccessRules, Mode, ProviderSettings } from './port.ts'

const people = () => field.list().default([])
const GITHUB = 'https://github.com'
const GOOGLE = 'https://accounts.google.com'

/** Every variable the console reads. */
export const consoleSlice = defineSlice(
  {
    SUBSTATION_MODE: z.enum(['embedded', 'attached', 'real']).default('real').describe('set by npm start'),
    SUBSTATION_URL: field
      .url('http', 'https')
      .describe('the address people open, such as https://substation.example.com'),
    SUBSTATION_DATABASE_URL: field.url('postgres', 'postgresql').describe("the console's own Postgres"),
    SUBSTATION_REDIS_URL: field.url('redis', 'rediss').describe('the Redis in which processes register'),
    SUBSTATION_SECRET: field
      .secret({ minLength: 32 })
      .describe('at least 32 random characters; signs sessions and previews'),
    SUBSTATION_FLEET_KEY: field
      .secret({ minLength: 32 })
      .describe('at least 32 random characters; signs commands to processes'),
    SUBSTATION_ENVIRONMENT: z
      .string()
      .regex(ENVIRONMENT_NAME, 'must be lower-case letters, digits and dashes, 40 at most')
      .default('production')
      .describe('name of the environment when there is no substation.config.ts'),
    SUBSTATION_CONFIG: z.string().default('substation.config.ts').describe('path of the configuration file'),
    SUBSTATION_ADMINS: people().describe('e-mail addresses or logins of administrators, separated by commas'),
    SUBSTATION_OPERATORS: people().describe('e-mail addresses or logins of those who may act'),
    SUBSTATION_VIEWERS: people().describe('e-mail addresses or logins of those who may look'),
    SUBSTATION_ALLOWED_DOMAINS: people().describe('e-mail domains whose people may enter'),
    SUBSTATION_DEFAULT_ROLE: z
      .enum(['viewer', 'operator', 'admin'])
      .default('viewer')
      .describe('role of those who enter by their domain'),
    SUBSTATION_GITHUB_CLIENT_ID: z.string().optional().describe('OAuth app of GitHub or GitHub Enterprise'),
    SUBSTATION_GITHUB_CLIENT_SECRET: field.secret().optional().describe('its secret'),
    SUBSTATION_GITHUB_URL: field.url('http', 'https').default(GITHUB).describe('GitHub, or your GitHub Enterprise'),
    SUBSTATION_GITHUB_API_URL: field
      .url('http', 'https')
      .optional()
      .describe('its API, where it is not in the usual place'),
    SUBSTATION_GOOGLE_CLIENT_ID: z.string().optional().describe('OAuth client of Google'),
    SUBSTATION_GOOGLE_CLIENT_SECRET: field.secret().optional().describe('its secret'),
    SUBSTATION_GOOGLE_URL: field.url('http', 'https').default(GOOGLE).describe('issuer'),
    SUBSTATION_OIDC_CLIENT_ID: z.string().optional().describe('client at any OpenID Connect issuer'),
    SUBSTATION_OIDC_CLIENT_SECRET: field.secret().optional().describe('its secret'),
    SUBSTATION_OIDC_URL: field.url('http', 'https').optional().describe('issuer'),
    SUBSTATION_OIDC_NAME: z.string().max(40).default('single sign-on').describe('label of the sign-in button'),
    SUBSTATION_METRICS_TOKEN: field
      .secret({ minLength: 16 })
      .optional()
      .describe('bearer token for scraping /api/metrics'),
    SUBSTATION_RUNBOOK_URL: field
      .url('http', 'https')
      .optional()
      .describe(
        'base URL of runbooks that are paths, such as https://git.example.com/infra/blob/main: they open as links',
      ),
    SUBSTATION_ORIGIN_LOAD_LIMIT: field
      .integer({ min: 1, max: 1_000_000 })
      .default(100)
      .describe(
        'lookups a second: an invalidation that is expected to send more than that to the origin is offered at a pace',
      ),
    SUBSTATION_COOKIE_PREFIX: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and dashes')
      .default('substation')
      .describe('prefix of cookie names'),
  },
  (parsed, complain) => {
    if (hasMoreThanAHost(parsed.SUBSTATION_URL))
      complain(
        'SUBSTATION_URL',
        'must be a host without a path: the console cannot be served below one. Give it a host name of its own, such as https://substation.example.com, in DNS and in the proxy in front of it',
      )
    const providers: ProviderSettings[] = []
    const client = (name: 'GITHUB' | 'GOOGLE' | 'OIDC') => {
      const clientId = parsed[`SUBSTATION_${name}_CLIENT_ID`]
      const clientSecret = parsed[`SUBSTATION_${name}_CLIENT_SECRET`]?.reveal()
      return clientId && clientSecret ? { clientId, clientSecret } : undefined
    }
    const github = client('GITHUB')
    if (github) {
      const url = withoutSlash(parsed.SUBSTATION_GITHUB_URL)
      // github.com has its API on a host of its own, an Enterprise server under a path.
      const apiUrl = parsed.SUBSTATION_GITHUB_API_URL ?? (url === GITHUB ? 'https://api.github.com' : `${url}/api/v3`)
      // The local modes' provider stands in for github.com.
      const label = url === GITHUB || parsed.SUBSTATION_MODE !== 'real' ? 'GitHub' : 'GitHub Enterprise'
      providers.push({ id: 'github', kind: 'github', label, ...github, url, apiUrl: withoutSlash(apiUrl) })
    }
    const google = client('GOOGLE')
    if (google)
      providers.push({
        id: 'google',
        kind: 'oidc',
        label: 'Google',
        ...google,
        issuer: withoutSlash(parsed.SUBSTATION_GOOGLE_URL),
      })
    const oidc = client('OIDC')
    if (oidc && parsed.SUBSTATION_OIDC_URL)
      providers.push({
        id: 'oidc',
        kind: 'oidc',
        label: parsed.SUBSTATION_OIDC_NAME,
        ...oidc,
        issuer: withoutSlash(parsed.SUBSTATION_OIDC_URL),
      })
    const lower = (list: string[]) => list.map(entry => entry.toLowerCase())
    const access: AccessRules = {
      admins: lower(parsed.SUBSTATION_ADMINS),
      operators: lower(parsed.SUBSTATION_OPERATORS),
      viewers: lower(parsed.SUBSTATION_VIEWERS),
      allowedDomains: lower(parsed.SUBSTATION_ALLOWED_DOMAINS).map(domain => domain.replace(/^@/, '')),
      defaultRole: parsed.SUBSTATION_DEFAULT_ROLE,
    }
    return {
      mode: parsed.SUBSTATION_MODE as Mode,
      url: withoutSlash(parsed.SUBSTATION_URL),
      databaseUrl: parsed.SUBSTATION_DATABASE_URL,
      redisUrl: parsed.SUBSTATION_REDIS_URL,
      fleetKey: parsed.SUBSTATION_FLEET_KEY.reveal(),
      secret: parsed.SUBSTATION_SECRET.reveal(),
      metricsToken: parsed.SUBSTATION_METRICS_TOKEN?.reveal(),
      environment: parsed.SUBSTATION_ENVIRONMENT,
      configFile: parsed.SUBSTATION_CONFIG,
      runbookUrl: parsed.SUBSTATION_RUNBOOK_URL,
      originLoadLimit: parsed.SUBSTATION_ORIGIN_LOAD_LIMIT,
      cookiePrefix: parsed.SUBSTATION_COOKIE_PREFIX,
      providers,
      access,
    }
  },
  (given, complain) => {
    const names = ['GITHUB', 'GOOGLE', 'OIDC'] as const
    for (const name of names) {
      const id = given(`SUBSTATION_${name}_CLIENT_ID`)
      const secret = given(`SUBSTATION_${name}_CLIENT_SECRET`)
      if (id && !secret) complain(`SUBSTATION_${name}_CLIENT_SECRET`, 'is missing, though the client id is set')
      if (!id && secret) complain(`SUBSTATION_${name}_CLIENT_ID`, 'is missing, though the client secret is set')
    }
    if (given('SUBSTATION_OIDC_CLIENT_ID') && !given('SUBSTATION_OIDC_URL'))
      complain('SUBSTATION_OIDC_URL', 'is missing, though an OpenID Connect client is set')
    if (!names.some(name => given(`SUBSTATION_${name}_CLIENT_ID`) || given(`SUBSTATION_${name}_CLIENT_SECRET`))) {
      complain(
        'SUBSTATION_GITHUB_CLIENT_ID',
        'is missing: set up GitHub, Google (SUBSTATION_GOOGLE_…) or any OpenID Connect issuer (SUBSTATION_OIDC_…)',
      )
    }
    const rules = [
      'SUBSTATION_ADMINS',
      'SUBSTATION_OPERATORS',
      'SUBSTATION_VIEWERS',
      'SUBSTATION_ALLOWED_DOMAINS',
    ] as const
    if (!rules.some(given)) complain('SUBSTATION_ADMINS', 'is missing: no one could sign in')
  },
)

const withoutSlash = (url: string) => url.replace(/\/$/, '')

/** Pages, cookies and the OAuth callback are addressed from the root of the host. */
function hasMoreThanAHost(text: string): boolean {
  const { pathname, search, hash } = new URL(text)
  return pathname !== '/' || search !== '' || hash !== ''
}
