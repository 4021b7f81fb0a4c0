import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { httpRequests, type Metrics } from '@/lib/infrastructure/metrics/index'

const STARTED = 'http.server.request.start'

/** Counts and times what the console itself answers. Next does not expose its server, but Node reports every request. */
export function watchOwnRequests(metrics: Metrics): () => void {
  const requests = httpRequests(metrics)
  const onRequest = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    const route = routeOf(request)
    if (route === undefined) return
    const began = performance.now()
    response.once('close', () =>
      requests.observe({ route, status: response.statusCode, seconds: (performance.now() - began) / 1000 }),
    )
  }
  subscribe(STARTED, onRequest)
  return () => unsubscribe(STARTED, onRequest)
}

const ROUTES: readonly [RegExp, string | undefined][] = [
  // Files, and streams that last for as long as a page is open.
  [/^\/(_next\/|[^/]+\.(ico|svg|png|txt|html|js|webmanifest)$)/, undefined],
  [/^\/api\/live$/, undefined],
  [/^\/api\/v1\/[^/]+\/views\/[^/]+$/, '/api/v1/:environment/views/:view'],
  [/^\/api\/v1\/[^/]+\/operations\/[^/]+/, '/api/v1/:environment/operations/:operation'],
  [/^\/api\/v1\/[^/]+\/runs\/[^/]+/, '/api/v1/:environment/runs/:run'],
  [/^\/api\/(auth|health|metrics)/, '/api/:own'],
  [/^\/(sign-in|sign-out|denied|unavailable)/, '/:entrance'],
  [/^\/[^/]+\/[^/]+$/, '/:environment/:page'],
]

/** Few and fixed: whatever a stranger asks for makes no new one. */
function routeOf({ method = 'GET', url = '/' }: IncomingMessage): string | undefined {
  const path = url.split('?', 1)[0] ?? '/'
  const found = ROUTES.find(([pattern]) => pattern.test(path))
  if (found && found[1] === undefined) return
  return `${METHODS.has(method) ? method : 'OTHER'} ${found?.[1] ?? 'other'}`
}

const METHODS = new Set(['GET', 'POST', 'HEAD'])
