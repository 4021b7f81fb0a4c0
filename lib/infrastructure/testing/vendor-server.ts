import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { VendorRequest } from './email/vendor-server.ts'
import { selfSigned } from './self-signed.ts'

export interface VendorAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
}

/** The connection is cut before the request is looked at (`reset`), or once it is carried out (`lost`); or it is carried out and never answered (`hang`). */
export type VendorFault = VendorAnswer | 'reset' | 'lost' | 'hang'

export interface VendorServer {
  readonly url: string
  readonly port: number
  /** Requests that have come, with those that met a fault. */
  readonly requests: number
  /** What happens to the next requests, in place of an answer. */
  fault(fault: VendorFault, times?: number): void
  close(): Promise<void>
}

/** A vendor's API on this machine, which can be told to fail. */
export async function startVendorServer(
  answerTo: (request: VendorRequest) => Promise<VendorAnswer> | VendorAnswer,
  { secure = false, port: wanted = 0 } = {},
): Promise<VendorServer> {
  const faults: VendorFault[] = []
  let requests = 0
  const listener: Parameters<typeof createServer>[1] = async (incoming, response) => {
    requests++
    const fault = faults.shift()
    if (fault === 'reset') return void (secure ? incoming.socket.destroy() : incoming.socket.resetAndDestroy())
    const body = await buffer(incoming)
    const { method = '', url: path = '', headers: given } = incoming
    const answer = typeof fault === 'object' ? fault : await answerTo({ method, path, headers: given, body })
    if (fault === 'hang') return
    if (fault === 'lost') return void incoming.socket.destroy()
    const headers = {
      'content-type': 'application/json',
      // Another server may follow on this port: a client must not go on with a connection to this one.
      ...(wanted === 0 ? {} : { connection: 'close' }),
      ...answer.headers,
    }
    response.writeHead(answer.status, headers).end(answer.body)
  }
  const server = secure ? createSecureServer(selfSigned, listener) : createServer(listener)
  await new Promise<void>(resolve => server.listen(wanted, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    get requests() {
      return requests
    },
    fault(fault, times = 1) {
      faults.push(...Array.from({ length: times }, () => fault))
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
