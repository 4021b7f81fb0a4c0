import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface ReceivedRequest {
  method: string
  /** With its query. */
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A service of another on this machine, played over a socket. */
export interface LocalService {
  url: string
  /** All that arrived whole, in order. */
  received: ReceivedRequest[]
  /** What it does from now on with a request. */
  answer(how: Answering): void
  close(): Promise<void>
}

type Answering = (request: ReceivedRequest, response: ServerResponse, raw: IncomingMessage) => unknown

export async function startLocalService(
  how: Answering = (_request, response) => response.end(),
): Promise<LocalService> {
  const received: ReceivedRequest[] = []
  let answering = how
  const server = createServer(async (raw, response) => {
    const body = await buffer(raw).catch(() => undefined)
    if (!body) return
    const request = { method: raw.method ?? '', url: raw.url ?? '', headers: raw.headers, body }
    received.push(request)
    await answering(request, response, raw)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer(next) {
      answering = next
    },
    close() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
