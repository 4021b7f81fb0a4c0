import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Metrics } from './port.ts'

export interface HttpAnswer {
  /** The pattern, not the path (`GET /products/:id`), so that there are few of them. */
  route: string
  status: number
  seconds: number
}

/** As in nginx: the caller left before the answer, so there is no status. */
const CALLER_GONE = 499

/** What an HTTP server answers, counted as `http_requests_total{route,status}` and timed as `http_request_seconds{route}`. */
export interface HttpRequests {
  observe(answer: HttpAnswer): void
  /**
   * Observes every answer of a Node server, of any framework. `routeOf` is called when the answer is complete, when frameworks
   * know the route; when it throws, the route is `unknown`. A caller that left before the answer counts as status 499.
   * Returns a function that stops observing.
   */
  watch(server: Server, routeOf: (request: IncomingMessage) => string): () => void
}

/** The console computes request rate, errors and percentiles of a service from metrics of these names. */
export function httpRequests(metrics: Metrics): HttpRequests {
  const requests = metrics.counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labels: ['route', 'status'],
  })
  const seconds = metrics.histogram({ name: 'http_request_seconds', help: 'Time to answer.', labels: ['route'] })

  const observe: HttpRequests['observe'] = answer => {
    requests.inc(1, { route: answer.route, status: answer.status })
    seconds.observe(answer.seconds, { route: answer.route })
  }
  return {
    observe,
    watch(server, routeOf) {
      const route = (request: IncomingMessage) => {
        try {
          return routeOf(request)
        } catch {
          // An error thrown in an event of the server would end the process.
          return 'unknown'
        }
      }
      const onRequest = (request: IncomingMessage, response: ServerResponse) => {
        const began = performance.now()
        // Requests whose caller did not wait are observed too: they cost work.
        response.once('close', () =>
          observe({
            route: route(request),
            status: response.headersSent ? response.statusCode : CALLER_GONE,
            seconds: (performance.now() - began) / 1000,
          }),
        )
      }
      server.on('request', onRequest)
      return () => server.off('request', onRequest)
    },
  }
}
