import { baseOf } from './address.ts'
import { type AttemptOptions, attempt } from './attempt.ts'
import { encodedBody } from './body.ts'
import { lowerCase, type PreparedCall, preparedCall } from './call.ts'
import { ACCEPTED } from './decompressed.ts'
import { HttpError } from './error.ts'
import { brokenError } from './failure.ts'
import { pagesOf } from './pages.ts'
import type { HttpCall, HttpClient, HttpClientOptions, HttpMethod, HttpRequest } from './port.ts'
import { answerOf, readAnswer, streamOf } from './read-answer.ts'
import type { RawAnswer, Transport } from './transport.ts'

const MAX_BYTES = 10_000_000
const HEADERS = { accept: 'application/json', 'accept-encoding': ACCEPTED, 'user-agent': 'substation' }

export function clientOver(options: HttpClientOptions, transport: Transport): HttpClient {
  const { name, policy, maxBytes = MAX_BYTES } = options
  const defaults = {
    ...options,
    base: baseOf(name, options.baseUrl),
    headers: { ...HEADERS, ...lowerCase(options.headers) },
  }
  const parts: AttemptOptions = { ...options, transport }

  function tell(call: HttpCall) {
    try {
      options.onCall?.(call)
    } catch {
      // Whoever observes calls does not fail them.
    }
  }

  /** One attempt with its timeout, which ends when `take` has what it wants of the answer. */
  async function timed<T>(
    call: PreparedCall,
    signal: AbortSignal | undefined,
    take: (raw: RawAnswer) => Promise<T> | T,
  ): Promise<T> {
    const began = performance.now()
    const controller = new AbortController()
    const abort = () => controller.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    const timer = setTimeout(() => controller.abort(timedOut(call)), call.timeoutMs)
    const observe = (outcome: Pick<HttpCall, 'status' | 'error'>) =>
      options.onCall &&
      tell({ client: name, method: call.method, route: call.route, ms: performance.now() - began, ...outcome })
    let isKept = false
    try {
      signal?.throwIfAborted()
      const raw = await attempt(parts, call, controller.signal)
      const taken = await take(raw)
      isKept = taken === raw
      // The body of a stream is still to be read, and the caller's signal goes on ending it.
      if (isKept) raw.body.once('close', () => signal?.removeEventListener('abort', abort))
      observe({ status: raw.statusCode })
      return taken
    } catch (thrown) {
      const stopped = [controller.signal, signal].find(each => each?.aborted)
      const error = stopped ? stopped.reason : brokenError(call, thrown)
      observe({ ...(error instanceof HttpError && error.status !== undefined ? { status: error.status } : {}), error })
      throw error
    } finally {
      clearTimeout(timer)
      if (!isKept) signal?.removeEventListener('abort', abort)
    }
  }

  async function made<T>(
    method: HttpMethod,
    path: string,
    request: HttpRequest,
    take: (raw: RawAnswer, call: PreparedCall) => Promise<T> | T,
  ): Promise<T> {
    const encoded = encodedBody(request.body)
    const body = encoded instanceof Promise ? await encoded : encoded
    const call = preparedCall(defaults, method, path, request, body)
    const { signal } = request
    if (!policy) return timed(call, signal, raw => take(raw, call))
    let mayHaveBeenDone = false
    return policy.execute(
      async context => {
        // A policy also repeats what it has given up itself, of which nothing is known.
        if (mayHaveBeenDone && !call.mayRepeat(false)) throw notRepeated(call)
        mayHaveBeenDone = true
        try {
          return await timed(call, context.signal, raw => take(raw, call))
        } catch (error) {
          if (error instanceof HttpError && error.notDone) mayHaveBeenDone = false
          throw error
        }
      },
      signal ? { signal } : {},
    )
  }

  const request = <T>(method: HttpMethod, path: string, options: HttpRequest<T> = {}) =>
    made(method, path, options, (raw, call) => readAnswer<T>(call, raw, maxBytes))
  const bodyOf = async <T>(method: HttpMethod, path: string, options?: HttpRequest<T>) =>
    (await request<T>(method, path, options)).body

  return {
    name,
    request,
    get: (path, options) => bodyOf('GET', path, options),
    post: (path, body, options) => bodyOf('POST', path, { ...options, body }),
    put: (path, body, options) => bodyOf('PUT', path, { ...options, body }),
    patch: (path, body, options) => bodyOf('PATCH', path, { ...options, body }),
    delete: (path, options) => bodyOf('DELETE', path, options),
    async stream(path, options = {}) {
      const raw = await made('GET', path, options, answer => answer)
      return answerOf(raw, streamOf(raw.body))
    },
    pages: (path, options) => pagesOf(request, path, options),
    close: () => transport.close(),
  }
}

const timedOut = (call: PreparedCall) =>
  new HttpError(`${call.client} did not answer ${call.method} ${call.route} within ${call.timeoutMs} ms`, {
    code: 'HTTP_TIMEOUT',
    retryable: call.mayRepeat(false),
  })

const notRepeated = (call: PreparedCall) =>
  new HttpError(
    `${call.method} ${call.route} of ${call.client} was given up, may have been carried out, and is not repeated`,
    {
      code: 'HTTP_TIMEOUT',
      nextStep: 'Give it an idempotency key where the service takes one.',
    },
  )
