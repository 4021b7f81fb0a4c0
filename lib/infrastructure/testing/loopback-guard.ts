import dns from 'node:dns'
import { Socket } from 'node:net'

const LOOPBACK = /^(localhost|127\.|::1$|\[::1\]$|::ffff:127\.)/

/** Until `stop`, a connection or a lookup that would leave the machine throws, and is noted. */
export function guardLoopback() {
  const escapes: string[] = []
  const { connect } = Socket.prototype
  const { lookup } = dns
  function assertLoopback(host: unknown): void {
    if (host === undefined || host === null || LOOPBACK.test(String(host))) return
    escapes.push(String(host))
    throw new Error(`A test tried to reach ${String(host)}`)
  }
  Socket.prototype.connect = function guarded(this: Socket, ...given: unknown[]) {
    // Also as Node passes them on: `[options, callback]`.
    const [first, second] = (Array.isArray(given[0]) ? given[0] : given) as unknown[]
    assertLoopback(
      typeof first === 'object' && first !== null
        ? (first as { host?: string }).host
        : typeof first === 'number'
          ? second
          : undefined,
    )
    return Reflect.apply(connect, this, given)
  } as typeof connect
  dns.lookup = ((host: string, ...rest: unknown[]) => {
    assertLoopback(host)
    return Reflect.apply(lookup, dns, [host, ...rest])
  }) as typeof lookup
  return {
    escapes,
    stop() {
      Socket.prototype.connect = connect
      dns.lookup = lookup
    },
  }
}
