import type { FleetProcess } from '../../fleet/port.ts'
import { OWN_APPLICATION } from '../../servers/postgres/servers.ts'

/** Who a connection belongs to, as far as its application name says. */
export interface Owner {
  service?: string
  instance?: string
  /** It belongs to a console. */
  own: boolean
}

/** What may come between a name and more behind it. */
const BREAK = /^[-: /]/

/** Processes name their connections after themselves: `checkout-2`, their service, both, or one of these with more behind it. */
export function ownerOf(
  application: string | undefined,
  processes: readonly Pick<FleetProcess, 'service' | 'instance'>[],
): Owner {
  if (application === undefined) return { own: false }
  const begins = (name: string) =>
    application.startsWith(name) && (application.length === name.length || BREAK.test(application.slice(name.length)))
  if (begins(OWN_APPLICATION)) return { own: true }
  const longest = <T>(found: readonly T[], nameOf: (one: T) => string) =>
    found.filter(one => begins(nameOf(one))).sort((a, b) => nameOf(b).length - nameOf(a).length)[0]
  // Those without a name of their own are called by service, host and pid.
  const process =
    longest(processes, ({ instance }) => instance) ?? longest(processes, one => `${one.service} ${one.instance}`)
  if (process) return { service: process.service, instance: process.instance, own: false }
  const service = longest(processes, ({ service }) => service)?.service
  return service === undefined ? { own: false } : { service, own: false }
}
