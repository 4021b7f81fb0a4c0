import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { ReceivedEmail } from '../../email/email.contract.ts'
import { type EmailServer, inbox } from './received-email.ts'

export interface VendorRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface VendorAnswer {
  status: number
  headers?: Record<string, string>
  body: string
}

export interface Vendor {
  isAuthorised(request: VendorRequest): boolean
  /** An error in the vendor's own shape, whatever went wrong. */
  error(status: number): VendorAnswer
  /** Validates the request. `email` is absent where it was refused, or is a replay of one that was accepted. */
  accept(request: VendorRequest): Promise<{ answer: VendorAnswer; email?: ReceivedEmail }>
  strange: VendorAnswer
}

/** An email API on loopback that can be told to fail. */
export async function startVendor(vendor: Vendor): Promise<EmailServer & { requests: VendorRequest[] }> {
  const requests: VendorRequest[] = []
  const { emails, add, fail, nextFault, nextArrival } = inbox()
  const server = createServer(async (incoming, outgoing) => {
    const reply = ({ status, headers = {}, body }: VendorAnswer) =>
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    const { method = '', url = '', headers } = incoming
    const request = { method, path: url.split('?')[0] ?? '', headers, body: await buffer(incoming) }
    requests.push(request)
    if (!vendor.isAuthorised(request)) return reply(vendor.error(401))
    const fault = nextFault()
    if (fault?.kind === 'reset') return incoming.socket.resetAndDestroy()
    if (fault?.kind === 'status') {
      const answer = vendor.error(fault.status)
      const wait: Record<string, string> = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
      return reply({ ...answer, headers: { ...answer.headers, ...wait } })
    }
    const { answer, email } = await vendor.accept(request)
    if (email) add(email)
    if (fault?.kind === 'silent') return
    reply(fault?.kind === 'strange' ? vendor.strange : answer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    emails,
    fail,
    nextArrival,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): VendorAnswer => ({
  status,
  headers,
  body: JSON.stringify(body),
})

/** A server of others behind one that can fail. */
export async function forward(upstream: string, { method, path, headers, body }: VendorRequest): Promise<VendorAnswer> {
  const { host: _, connection: __, 'content-length': ___, ...passed } = headers
  const answer = await fetch(`${upstream}${path}`, {
    method,
    headers: passed as Record<string, string>,
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  })
  return {
    status: answer.status,
    headers: { 'content-type': answer.headers.get('content-type') ?? 'application/json' },
    body: await answer.text(),
  }
}
