import { connect, Socket } from 'node:net'
import type { HostsReport } from '../port.ts'

export interface Host {
  host: string
  port: number
}

/** The hosts of an address: `postgres://user@one:5432,two/shop`. */
export function hostsOf(url: string): Host[] {
  const [authority = ''] = url.slice(url.indexOf('://') + 3).split(/[?/]/)
  const list = decodeURIComponent(authority.slice(authority.lastIndexOf('@') + 1)).split(',')
  return list.map(one => {
    const [, host = one, port = '5432'] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(one) ?? []
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  })
}

interface PostgresOptions {
  host: string[]
  port: number[]
  path: string | false
}

/** How a connection outside the pool finds the host in use. Without several hosts it needs no help. */
export const ofSession = new WeakMap<object, () => Socket>()

/**
 * Opens the sockets of postgres.js, which does not say how many connections it has, nor where they lead. With several hosts each new
 * connection goes to the one that is the primary, which is asked of them in turn; postgres.js is told of one alone, because with several it goes on trying without an end.
 */
export function hostChoice(hosts: readonly Host[], isPrimary: (host: Host) => Promise<boolean>) {
  const open = new Map<Socket, string>()
  const failures = new Map<string, { at: number; why: string }>()
  /** The host that is the primary, as far as is known. */
  let chosen: Host | undefined
  let choosing: Promise<Host> | undefined
  let inUse: { host: string; since: number } | undefined
  let switched: HostsReport['switched']

  function counted(socket: Socket, name: string) {
    socket.once('connect', () => open.set(socket, name))
    socket.once('close', () => open.delete(socket))
  }

  /** Passed unconnected: Node buffers what is written until then, and a refusal reaches postgres.js as on a socket of its own. */
  function socketTo({ host, port }: Host, path: string | false): Socket {
    const socket = path ? connect(path) : connect({ host, port })
    counted(socket, path || nameOf({ host, port }))
    // postgres.js sets these on its own sockets; TLS takes the server's name from here.
    return Object.assign(socket, { host, port })
  }

  async function choose(): Promise<Host> {
    const [first, ...rest] = hosts as [Host, ...Host[]]
    // The one after that which was left is the likeliest.
    const order = chosen ? [chosen, ...hosts.filter(host => host !== chosen)] : [first, ...rest]
    chosen = undefined
    for (const host of order) {
      const why = await isPrimary(host).then(
        is => (is ? undefined : 'it is not the primary'),
        (error: unknown) => reasonOf(error as NodeJS.ErrnoException),
      )
      if (why === undefined) {
        use(nameOf(host))
        chosen = host
        return host
      }
      failures.set(nameOf(host), { at: Date.now(), why })
    }
    const each = [...failures].map(([host, { why }]) => `${host}: ${why}`)
    throw Object.assign(new Error(`none of the hosts can be used (${each.join('; ')})`), { code: 'ECONNREFUSED' })
  }

  function use(host: string) {
    failures.delete(host)
    if (inUse?.host === host) return
    if (inUse) {
      const why = failures.get(inUse.host)?.why ?? 'it was left'
      switched = { at: Date.now(), from: inUse.host, to: host, why }
    }
    inUse = { host, since: Date.now() }
  }

  /** The host in use is not the primary any more: the next connection looks for it, and those that lead there end. */
  function leave() {
    chosen = undefined
    for (const [socket, host] of open) if (host === inUse?.host) socket.destroy()
  }

  async function primary(): Promise<Host> {
    choosing ??= choose().finally(() => {
      choosing = undefined
    })
    return choosing
  }

  const socket = ({ host: [host = ''], port: [port = 0], path }: PostgresOptions): Socket =>
    hosts.length > 1 ? socketLater(primary(), counted) : socketTo({ host, port }, path)
  if (hosts.length > 1) ofSession.set(socket, () => socketLater(primary()))
  return {
    socket,
    size: () => open.size,
    leave: hosts.length > 1 ? leave : undefined,
    /** Undefined with a single host. */
    report(): HostsReport | undefined {
      if (hosts.length < 2) return undefined
      return {
        hosts: hosts.map(host => {
          const name = nameOf(host)
          const failure = failures.get(name)
          const connections = [...open.values()].filter(of => of === name).length
          return { name, connections, ...(failure ? { failedAt: failure.at, why: failure.why } : {}) }
        }),
        ...(inUse ? { inUse: inUse.host, since: inUse.since } : {}),
        ...(switched === undefined ? {} : { switched }),
      }
    },
  }
}

/**
 * A socket at once, that is connected when the host is known: postgres.js may ask for another one while it waits for a promise, and would greet the server
 * twice. What it writes before that is sent then.
 */
function socketLater(target: Promise<Host>, connecting?: (socket: Socket, name: string) => void): Socket {
  const socket = new Socket()
  const early: unknown[][] = []
  socket.write = (...args: unknown[]) => early.push(args) > 0
  target.then(
    host => {
      Reflect.deleteProperty(socket, 'write')
      if (socket.destroyed) return
      connecting?.(socket, nameOf(host))
      Object.assign(socket, host).connect(host)
      for (const args of early) Reflect.apply(socket.write, socket, args)
    },
    (error: Error) => socket.destroy(error),
  )
  return socket
}

const nameOf = ({ host, port }: Host) => `${host}:${port}`

/** Why a host could not be asked, as the end of a sentence that begins with its name. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'it refuses connections'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name is not known'
    case 'CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'it did not answer in time'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'it cannot be reached'
    default:
      return error.message
  }
}
