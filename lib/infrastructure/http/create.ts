import { loadAdapter } from '../../core/load-adapter.ts'
import { clientOver } from './client.ts'
import type { HttpClient, HttpClientOptions } from './port.ts'

/** A client for one service. Rejects with HttpError `HTTP_OPTIONS` for an address that is none. */
export async function createHttpClient(options: HttpClientOptions): Promise<HttpClient> {
  const { undiciTransport } = await loadAdapter('An HTTP client', () => import('./adapters/undici.ts'))
  return clientOver(options, undiciTransport(options))
}
