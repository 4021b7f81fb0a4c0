import { isId, timeOfId } from '../../../core/ids.ts'
import { toConsoleTime } from '../../fleet/clocks.ts'
import type { FleetSnapshot } from '../../fleet/port.ts'
import type { Deploy } from '../../series/port.ts'

/** The version of a service that ran when a kind of dead letter was first seen. */
export interface Release {
  service: string
  version: string
  commit?: string
  /** When its first process joined the fleet. */
  since: number
}

/**
 * The release that ran at a time, of the services whose workers have the queues: the last deploy before it, or else the oldest process that
 * ran then. Undefined: not known.
 */
export function releaseAt(
  at: number,
  services: ReadonlySet<string>,
  { deploys, fleet }: { deploys: readonly Deploy[]; fleet: FleetSnapshot | undefined },
): Release | undefined {
  const before = deploys.filter(deploy => services.has(deploy.service) && deploy.at <= at)
  const last = before.toSorted((a, b) => b.at - a.at)[0]
  if (last) return { service: last.service, version: last.version, since: last.at, ...withCommit(last.commit) }
  const running = (fleet?.processes ?? []).flatMap((process): Release[] => {
    const { version, commit } = process.identity ?? {}
    if (!fleet || version === undefined || !services.has(process.service) || !isId(process.id)) return []
    const since = toConsoleTime(timeOfId(process.id), process, fleet)
    return since <= at ? [{ service: process.service, version, since, ...withCommit(commit) }] : []
  })
  return running.toSorted((a, b) => b.since - a.since)[0]
}

const withCommit = (commit: string | undefined) => (commit === undefined ? {} : { commit })
