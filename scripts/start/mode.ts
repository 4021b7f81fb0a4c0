import type { Mode } from '../../lib/console/platform/settings/port.ts'

/** The console's own servers and providers: any one of them says that this start is for real. */
const REAL = [
  'SUBSTATION_DATABASE_URL',
  'SUBSTATION_REDIS_URL',
  'SUBSTATION_GITHUB_CLIENT_ID',
  'SUBSTATION_GOOGLE_CLIENT_ID',
  'SUBSTATION_OIDC_CLIENT_ID',
]

export interface Start {
  mode: Mode
  host: string
  /** Where to listen, if it is free. */
  port: number
  /** Served by Next's development server, which follows changes, instead of a build. */
  dev: boolean
}

/** Asked for something that this mode refuses; the message says why and what to do. */
export class RefusedStartError extends Error {}

/** What to start, from variables and arguments, and whether servers are declared in a configuration file. */
export function startOf(variables: NodeJS.ProcessEnv, args: string[], declared = false): Start {
  const mode: Mode = REAL.some(name => variables[name])
    ? 'real'
    : declared || variables.REDIS_URL || variables.DATABASE_URL
      ? 'attached'
      : 'embedded'
  const host = argument(args, '--host', '--hostname', '-H') ?? variables.SUBSTATION_HOST
  if (mode !== 'real' && host !== undefined && !['127.0.0.1', 'localhost', '::1'].includes(host)) {
    throw new RefusedStartError(
      `Listening on ${host} is refused: without a provider of yours, anyone who reaches this console could sign in as its administrator.\nLeave the host out, or set SUBSTATION_DATABASE_URL, SUBSTATION_REDIS_URL and an OAuth provider (see docs/configuration.md).`,
    )
  }
  const given = argument(args, '--port', '-p') ?? variables.SUBSTATION_PORT ?? variables.PORT
  const port = given === undefined ? 4600 : Number(given)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new RefusedStartError(`The port must be a whole number from 1 to 65535, not “${given}”.`)
  return {
    mode,
    host: mode === 'real' ? (host ?? '0.0.0.0') : '127.0.0.1',
    port,
    dev: mode !== 'real' && args.includes('--dev'),
  }
}

function argument(args: string[], ...names: string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (names.includes(arg)) return args[index + 1] ?? ''
    const name = names.find(candidate => arg.startsWith(`${candidate}=`))
    if (name) return arg.slice(name.length + 1)
  }
  return undefined
}
