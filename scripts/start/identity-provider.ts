import { createEmulator } from 'emulate'

/** The people who can sign in on this machine, one for each role, and one without access. */
export const PEOPLE = [
  { login: 'admin', name: 'Admin', email: 'admin@localhost', role: 'admin' },
  { login: 'operator', name: 'Operator', email: 'operator@localhost', role: 'operator' },
  { login: 'viewer', name: 'Viewer', email: 'viewer@localhost', role: 'viewer' },
  { login: 'stranger', name: 'Stranger', email: 'stranger@localhost', role: undefined },
] as const

export interface IdentityProvider {
  /** Variables that point the console at it. */
  env: Record<string, string>
  close(): Promise<void>
}

/** GitHub and Google as their OAuth looks from outside, on loopback: the console signs people in the way it does for real. */
export async function startIdentityProvider(options: {
  consoleUrl: string
  githubPort: number
  googlePort: number
  clientSecret: string
}): Promise<IdentityProvider> {
  const { consoleUrl, githubPort, googlePort, clientSecret } = options
  const client = (provider: string) => ({
    client_id: `substation-${provider}`,
    client_secret: clientSecret,
    name: 'Substation',
    redirect_uris: [`${consoleUrl}/api/auth/callback/${provider}`],
  })
  const github = await createEmulator({
    service: 'github',
    port: githubPort,
    baseUrl: `http://127.0.0.1:${githubPort}`,
    seed: {
      github: {
        users: PEOPLE.map(({ login, name, email }) => ({ login, name, email })),
        oauth_apps: [client('github')],
      },
    },
  })
  const google = await createEmulator({
    service: 'google',
    port: googlePort,
    baseUrl: `http://127.0.0.1:${googlePort}`,
    seed: { google: { users: PEOPLE.map(({ name, email }) => ({ name, email })), oauth_clients: [client('google')] } },
  })
  return {
    env: {
      SUBSTATION_GITHUB_CLIENT_ID: 'substation-github',
      SUBSTATION_GITHUB_CLIENT_SECRET: clientSecret,
      SUBSTATION_GITHUB_URL: `http://127.0.0.1:${githubPort}`,
      SUBSTATION_GITHUB_API_URL: `http://127.0.0.1:${githubPort}`,
      SUBSTATION_GOOGLE_CLIENT_ID: 'substation-google',
      SUBSTATION_GOOGLE_CLIENT_SECRET: clientSecret,
      SUBSTATION_GOOGLE_URL: `http://127.0.0.1:${googlePort}`,
      SUBSTATION_ADMINS: emailsOf('admin'),
      SUBSTATION_OPERATORS: emailsOf('operator'),
      SUBSTATION_VIEWERS: emailsOf('viewer'),
    },
    async close() {
      await Promise.all([github.close(), google.close()])
    },
  }
}

function emailsOf(role: string): string {
  return PEOPLE.filter(person => person.role === role)
    .map(person => person.email)
    .join(',')
}
