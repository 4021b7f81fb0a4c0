import type { Metrics } from '../metrics/index.ts'
import type { HttpCall, HttpClientOptions } from './port.ts'

/** Records the attempts of clients: `http_client_requests_total{client,route,status}` and `http_client_request_seconds{client,route}`. For `onCall`. */
export function recordedCalls(metrics: Metrics): NonNullable<HttpClientOptions['onCall']> {
  const requests = metrics.counter({
    name: 'http_client_requests_total',
    help: 'Attempts at requests to other services.',
    labels: ['client', 'route', 'status'],
  })
  const seconds = metrics.histogram({
    name: 'http_client_request_seconds',
    help: 'Time until the answer of another service has been read.',
    labels: ['client', 'route'],
  })
  return call => {
    const labels = { client: call.client, route: `${call.method} ${call.route}` }
    requests.inc(1, { ...labels, status: statusOf(call) })
    seconds.observe(call.ms / 1_000, labels)
  }
}

/** Of the answer; else the code of the error, and `aborted` for one of the caller's. */
function statusOf({ status, error }: HttpCall): number | string {
  if (status !== undefined) return status
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'aborted'
}
