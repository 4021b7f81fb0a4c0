import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Metrics } from './port.ts'

export interface HttpAnswer {
  /** The pattern and not the path (`GET /products/:id`), so that there are few of them. */
  route: string
  status: number
  seconds: number
}

/** As nginx says it: the caller left before it was answered, so there is no status. */
const CALLER_GONE = 499

/** What an HTTP server answers, counted as `http_requests_total{route,status}` and timed as `http_request_seconds{route}`. */
export interface HttpRequests {
  observe(answer: HttpAnswer): void
  /**
   * Observes every answer of a Node server, whatever framework stands on it. `routeOf` is asked when the answer is over, when
   * frameworks know their route; where it throws, the route is `unknown`. Who left before there was an answer counts as status 499.
   * Returns how to stop.
   */
  watch(server: Server, routeOf: (request: IncomingMessage) => string): () => void
}

/** The names by which the console tells request rate, errors and percentiles of a service. */
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
          // Thrown in an event of the server, it would end the process.
          return 'unknown'
        }
      }
      const onRequest = (request: IncomingMessage, response: ServerResponse) => {
        const began = performance.now()
        // Also an answer that the caller did not wait for has been work.
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
