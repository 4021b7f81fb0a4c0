import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { decompressed } from '../decompressed.ts'
import type { HttpClientOptions } from '../port.ts'
import type { Transport } from '../transport.ts'
import { isPrivate } from './addresses.ts'
import { privateAddress, publicLookup } from './public-lookup.ts'

/** For a connection (ms): one that is not established in this time has carried no request. */
const CONNECT_MS = 5_000

export function undiciTransport({
  allowPrivate = false,
  lookup = systemLookup as LookupFunction,
  tls = {},
}: Pick<HttpClientOptions, 'allowPrivate' | 'lookup' | 'tls'>): Transport {
  const hosts = typeof allowPrivate === 'boolean' ? [] : allowPrivate.map(host => host.toLowerCase())
  const allows = (host: string) => allowPrivate === true || hosts.includes(host)
  const connect = buildConnector({ ...tls, timeout: CONNECT_MS, lookup: publicLookup(lookup, allows) })
  const agent = new Agent({
    // The client's own timeout covers the headers.
    headersTimeout: 0,
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, '')
      // An address is not looked up.
      if (isIP(host) && isPrivate(host) && !allows(host)) return callback(privateAddress(host), null)
      connect(options, callback)
    },
  })
  let closed: Promise<void> | undefined
  return {
    async send(request) {
      const { statusCode, headers, body } = await agent.request(request)
      return { statusCode, headers, body: decompressed(body, headers['content-encoding']) }
    },
    close() {
      closed ??= agent.close()
      return closed
    },
  }
}
