/** Why a server could not be used; kinds differ in what there is to do about it. */
export type ConnectionCauseKind =
  | 'name'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'closed'
  | 'certificate'
  | 'no-tls'
  | 'authentication'
  | 'rights'
  | 'read-only'
  | 'cluster'
  | 'loading'
  | 'full'
  | 'disk'
  | 'connections'
  | 'missing'
  | 'protocol'

export interface ConnectionCause {
  kind: ConnectionCauseKind
  /** The end of a sentence that begins with the server's name: `refuses connections`. */
  words: string
  /** What to try, as a sentence. */
  nextStep: string
}

type Rule = readonly [kind: ConnectionCauseKind, words: string, nextStep: string]

const NAME: Rule = ['name', 'has an address that does not resolve', 'Check the host name in its address.']
const REFUSED: Rule = [
  'refused',
  'refuses connections',
  'Check that it is running, and that it listens on this address and port.',
]
const UNREACHABLE: Rule = [
  'unreachable',
  'cannot be reached over the network',
  'Check the route and the firewall between this host and it.',
]
const TIMEOUT: Rule = [
  'timeout',
  'does not answer',
  'It may hang or be overloaded, or a firewall drops what is sent. It is retried automatically.',
]
const CLOSED: Rule = [
  'closed',
  'cannot be reached',
  'Check that it is running and reachable from here. It is retried automatically.',
]
const ENDED: Rule = ['closed', 'ended the connection', 'It may be restarting. It is retried automatically.']
const CERTIFICATE: Rule = [
  'certificate',
  'has a certificate that is not trusted',
  'Trust the authority that signed it: NODE_EXTRA_CA_CERTS names a file with its certificate. docs/connections.md shows how.',
]
const NO_TLS: Rule = [
  'no-tls',
  'does not speak TLS on this port',
  'Use the port that does, or an address without TLS (redis:// in place of rediss://).',
]
const AUTHENTICATION: Rule = [
  'authentication',
  'refuses the user name or password',
  'Check user and password in its address; special characters need percent-encoding.',
]
const READ_ONLY: Rule = ['read-only', 'is a read-only replica', 'Name its primary in the configuration.']
const CLUSTER: Rule = [
  'cluster',
  'is a node of a Redis Cluster and does not have these keys',
  'Declare each primary of the Cluster as a server of its own.',
]
const LOADING: Rule = ['loading', 'is loading its data', 'It answers once it has read its data from disk.']
const FULL: Rule = [
  'full',
  'refuses writes: its memory is full',
  'Remove keys, or raise maxmemory. Nothing can be stored in it until then.',
]
const DISK: Rule = [
  'disk',
  'refuses writes: it cannot save its data to disk',
  'Look at its disk and at its log: it takes writes again once a save succeeds.',
]
const DISK_FULL: Rule = ['disk', 'is out of disk space', 'Free space on its disk.']
const CONNECTIONS: Rule = [
  'connections',
  'has no connection left',
  'Close some, or raise its limit (maxclients of Redis, max_connections of Postgres).',
]
const MISSING: Rule = ['missing', 'has no database of that name', 'Check the name of the database in its address.']
const PROTOCOL: Rule = [
  'protocol',
  'does not speak the Redis protocol',
  'Another program listens on that port: check the port in its address.',
]

/** What Node and postgres.js say. */
const BY_CODE: Readonly<Record<string, Rule>> = {
  ENOTFOUND: NAME,
  EAI_AGAIN: NAME,
  ECONNREFUSED: REFUSED,
  ENOENT: REFUSED,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ETIMEDOUT: TIMEOUT,
  CONNECT_TIMEOUT: TIMEOUT,
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  CONNECTION_CLOSED: CLOSED,
  CONNECTION_DESTROYED: CLOSED,
  CONNECTION_ENDED: CLOSED,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  CERT_HAS_EXPIRED: CERTIFICATE,
  CERT_NOT_YET_VALID: CERTIFICATE,
  CERT_UNTRUSTED: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
}

/** The first word of what Redis refuses with. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const BY_REDIS_WORD: Readonly<Record<string, Rule>> = {
  NOAUTH: AUTHENTICATION,
  WRONGPASS: AUTHENTICATION,
  READONLY: READ_ONLY,
  MOVED: CLUSTER,
  ASK: CLUSTER,
  CLUSTERDOWN: CLUSTER,
  LOADING,
  OOM: FULL,
  MISCONF: DISK,
}

/** SQLSTATE, the longest prefix first. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BY_SQLSTATE: readonly (readonly [string, Rule])[] = [
  ['25006', ['read-only', 'takes no writes', 'It may be a standby: name its primary in the configuration.']],
  ['53100', DISK_FULL],
  ['53300', CONNECTIONS],
  ['57P01', ENDED],
  ['57P02', ENDED],
  ['28', AUTHENTICATION],
  ['3D', MISSING],
  ['08', CLOSED],
]

/** What ioredis throws without a code. */
const BY_IOREDIS_MESSAGE: Readonly<Record<string, Rule>> = {
  'Command timed out': TIMEOUT,
  'Connection is closed.': CLOSED,
  "Stream isn't writeable and enableOfflineQueue options is false": CLOSED,
}

/**
 * Why the server behind an error could not be used, or undefined for an error that says nothing about that. The innermost cause
 * decides: an error of ours, or one that only says that the connection is closed, may wrap the one that says why.
 */
export function connectionCauseOf(error: unknown): ConnectionCause | undefined {
  const chain: Error[] = []
  for (let at: unknown = error; at instanceof Error && chain.length < 8; ) {
    chain.push(at)
    at = at instanceof AggregateError && at.errors.length > 0 ? at.errors[0] : at.cause
  }
  for (const one of chain.reverse()) {
    const cause = causeOf(one)
    if (cause) return cause
  }
  return undefined
}

function causeOf(error: Error): ConnectionCause | undefined {
  const { name, message } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (name === 'PostgresError') return ofPostgres(code, message)
  if (name === 'ReplyError') return ofRedis(message)
  if (name === 'ParserError') return made(PROTOCOL)
  return made(BY_CODE[code] ?? BY_IOREDIS_MESSAGE[message])
}

function ofPostgres(sqlState: string, message: string): ConnectionCause | undefined {
  if (sqlState === '42501')
    return {
      kind: 'rights',
      words: `does not permit it: ${message.slice(0, 160)}`,
      nextStep: 'Grant that to its account.',
    }
  if (sqlState === '57P03') {
    const state = /is (shutting down|starting up|in recovery mode|not accepting connections)/.exec(message)?.[1]
    return { kind: 'loading', words: `is ${state ?? 'not ready'}`, nextStep: 'It is retried automatically.' }
  }
  return made(BY_SQLSTATE.find(([prefix]) => sqlState.startsWith(prefix))?.[1])
}

function ofRedis(message: string): ConnectionCause | undefined {
  const [word = ''] = message.split(/[ :]/, 1)
  if (word === 'NOPERM')
    return {
      kind: 'rights',
      words: `does not permit it: ${message.slice(0, 160)}`,
      nextStep: 'Grant that to its account (ACL SETUSER).',
    }
  if (/^ERR (max number of clients|invalid password|AUTH)/.test(message))
    return made(message.startsWith('ERR max') ? CONNECTIONS : AUTHENTICATION)
  // An error inside a script is reported within the error about the script.
  const inside = /\b(READONLY|OOM|MISCONF|NOPERM) /.exec(message)?.[1]
  return made(BY_REDIS_WORD[word] ?? BY_REDIS_WORD[inside ?? ''])
}

function made(rule: Rule | undefined): ConnectionCause | undefined {
  if (!rule) return undefined
  const [kind, words, nextStep] = rule
  return { kind, words, nextStep }
}
