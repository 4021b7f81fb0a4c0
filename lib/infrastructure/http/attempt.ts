import { parsedUrl } from './address.ts'
import { credentialsOf, NO_CREDENTIALS } from './auth.ts'
import type { PreparedCall } from './call.ts'
import { HttpError } from './error.ts'
import { answeredError, brokenError, ERROR_BYTES } from './failure.ts'
import type { HttpClientOptions } from './port.ts'
import { upTo } from './read-answer.ts'
import type { RawAnswer, Transport } from './transport.ts'

const MOST_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

export interface AttemptOptions extends Pick<HttpClientOptions, 'auth' | 'redirects' | 'readError'> {
  transport: Transport
}

/** Makes a call once: with another token when the first is refused, and with the redirects that are followed. Rejects for 400 and more. */
export async function attempt(options: AttemptOptions, call: PreparedCall, signal: AbortSignal): Promise<RawAnswer> {
  for (let isSecond = false; ; isSecond = true) {
    const credentials = options.auth ? await credentialsOf(options.auth, signal) : NO_CREDENTIALS
    const answer = await followed(options, call, { ...call.headers, ...credentials.headers }, signal)
    if (answer.statusCode < 400) return answer
    const { bytes } = await upTo(answer.body, ERROR_BYTES)
    const isRefused = answer.statusCode === 401 && !isSecond && !call.body.once
    if (isRefused && credentials.refused()) continue
    throw answeredError(options, call, answer, new TextDecoder().decode(bytes))
  }
}

async function followed(
  { transport, redirects = 'same-origin' }: AttemptOptions,
  call: PreparedCall,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const { method, body } = call
  let { url } = call
  let sent = headers
  for (let count = 0; ; count++) {
    const { origin, pathname, search } = url
    const answer = await transport
      .send({ origin, path: `${pathname}${search}`, method, headers: sent, body: body.data, signal })
      .catch(error => {
        throw brokenError(call, error)
      })
    const location = answer.headers.location
    if (!REDIRECTS.has(answer.statusCode) || typeof location !== 'string') return answer
    await upTo(answer.body, ERROR_BYTES)
    const target = parsedUrl(location, url)
    const isElsewhere = target?.origin !== call.url.origin
    const isFollowed =
      target && (method === 'GET' || method === 'HEAD') && redirects !== 'refuse' && count < MOST_REDIRECTS
    if (!isFollowed || (isElsewhere && redirects !== 'any-origin') || !/^https?:$/.test(target.protocol))
      throw new HttpError(`${call.client} redirects ${method} ${call.route} to where it is not followed`, {
        code: 'HTTP_REDIRECT',
        status: answer.statusCode,
      })
    url = target
    // What shows who this is stays with the origin that it was meant for, also when that redirects back.
    if (isElsewhere) sent = { accept: headers.accept ?? '*/*', 'user-agent': headers['user-agent'] ?? '' }
  }
}
