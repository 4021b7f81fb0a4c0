import { HttpError } from './error.ts'
import type { HttpClient, TokenSource } from './port.ts'

export interface Tokens {
  accessToken: string
  /** ms since the epoch; absent where it is not known. */
  expiresAt?: number
  refreshToken?: string
}

export interface OAuthOptions {
  /** New tokens for the former ones, such as `tokenRequest` makes. */
  refresh(former: Tokens | undefined): Promise<Tokens>
  /** Tokens kept outside this process, read before a refresh: another process may have refreshed them. */
  load?(): Promise<Tokens | undefined>
  save?(tokens: Tokens): Promise<void>
  /** A token that ends within this time is refreshed before it is used (ms); 60,000 when absent. */
  earlyMs?: number
}

/** Access tokens that are refreshed once, however many callers wait. */
export function oauthTokens({ refresh, load, save, earlyMs = 60_000 }: OAuthOptions): TokenSource {
  let tokens: Tokens | undefined
  let refusedToken: string | undefined
  let refreshing: Promise<Tokens> | undefined

  const isUsable = (known: Tokens | undefined): known is Tokens =>
    known !== undefined &&
    known.accessToken !== refusedToken &&
    (known.expiresAt === undefined || known.expiresAt - Date.now() > earlyMs)

  async function renewed(): Promise<Tokens> {
    const former = (await load?.()) ?? tokens
    tokens = former
    if (isUsable(tokens)) return tokens
    const fresh = await refresh(former)
    tokens = { ...(former?.refreshToken ? { refreshToken: former.refreshToken } : {}), ...fresh }
    await save?.(tokens)
    return tokens
  }
  return {
    async token() {
      if (isUsable(tokens)) return tokens.accessToken
      refreshing ??= renewed().finally(() => {
        refreshing = undefined
      })
      return (await refreshing).accessToken
    },
    refused(token) {
      if (tokens?.accessToken === token) refusedToken = token
    },
  }
}

export interface TokenRequest {
  /** Of the authorization server. */
  http: Pick<HttpClient, 'post'>
  /** Of its token endpoint: `/oauth/token`. */
  path: string
  clientId: string
  clientSecret: string
  /** `body` when absent; `basic` as RFC 6749 section 2.3.1 prefers it. */
  authenticateBy?: 'body' | 'basic'
  scope?: string
  /** Further fields, such as `audience`. */
  fields?: Readonly<Record<string, string>>
  /** The first refresh token, of a user who has agreed. Without one, client credentials are used. */
  refreshToken?: string
}

/** `refresh` by RFC 6749: with the refresh token (section 6) where there is one, else by client credentials (section 4.4). */
export function tokenRequest({
  http,
  path,
  clientId,
  clientSecret,
  ...options
}: TokenRequest): OAuthOptions['refresh'] {
  const { authenticateBy = 'body', scope, fields, refreshToken: first } = options
  const encoded = [clientId, clientSecret].map(encodeURIComponent).join(':')
  return async former => {
    const refreshToken = former?.refreshToken ?? first
    const asked = Date.now()
    const answer = await http.post<Record<string, unknown> | undefined>(
      path,
      new URLSearchParams({
        grant_type: refreshToken ? 'refresh_token' : 'client_credentials',
        ...(refreshToken ? { refresh_token: refreshToken } : {}),
        ...(authenticateBy === 'body' ? { client_id: clientId, client_secret: clientSecret } : {}),
        ...(scope ? { scope } : {}),
        ...fields,
      }),
      authenticateBy === 'basic'
        ? { headers: { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` } }
        : {},
    )
    const { access_token: accessToken, expires_in: seconds, refresh_token: next } = answer ?? {}
    if (typeof accessToken !== 'string')
      throw new HttpError('The answer has no access_token', { code: 'HTTP_BODY', notDone: true })
    return {
      accessToken,
      ...(Number(seconds) > 0 ? { expiresAt: asked + Number(seconds) * 1_000 } : {}),
      ...(typeof next === 'string' ? { refreshToken: next } : {}),
    }
  }
}
