import { InfrastructureError } from '../../core/errors.ts'
import { HttpError } from './error.ts'
import type { HttpAuth } from './port.ts'

export interface Credentials {
  headers: Record<string, string>
  /** The service has refused them. True where others are worth a try. */
  refused(): boolean
}

export const NO_CREDENTIALS: Credentials = { headers: {}, refused: () => false }

/** The headers that authenticate an attempt. Rejects with `HTTP_AUTH` when there is no token. */
export async function credentialsOf(auth: HttpAuth, signal: AbortSignal): Promise<Credentials> {
  switch (auth.kind) {
    case 'basic':
      return of('authorization', `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`)
    case 'api-key':
      return of(auth.header.toLowerCase(), auth.key)
    case 'bearer':
      return of(
        'authorization',
        `Bearer ${typeof auth.token === 'string' ? auth.token : await waited(auth.token, signal)}`,
      )
    case 'oauth2': {
      const token = await waited(() => auth.tokens.token(), signal)
      return {
        headers: { authorization: `Bearer ${token}` },
        refused() {
          auth.tokens.refused(token)
          return true
        },
      }
    }
  }
}

const of = (header: string, value: string): Credentials => ({ headers: { [header]: value }, refused: () => false })

/** A token that others wait for too: it is made whether or not this call is given up. */
async function waited(token: () => string | Promise<string>, signal: AbortSignal): Promise<string> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([token(), aborted.promise])
  } catch (error) {
    if (signal.aborted) throw error
    throw noToken(error)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function noToken(error: unknown): HttpError {
  const { status, serviceCode, requestId, retryAfterMs, message } = (
    error instanceof HttpError ? error : {}
  ) as Partial<HttpError>
  return new HttpError(`There is no access token${message === undefined ? '' : `: ${message}`}`, {
    code: 'HTTP_AUTH',
    status,
    serviceCode,
    requestId,
    retryAfterMs,
    // The request that needed it was not sent.
    notDone: true,
    retryable: error instanceof InfrastructureError && error.retryable,
    cause: error,
  })
}
