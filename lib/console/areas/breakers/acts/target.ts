import type { UnsupportedAct } from '../../../../infrastructure/resilience/index.ts'
import type { ActScope } from '../../../fleet/act-scope.ts'
import { BreakerItem } from '../../../fleet/details.ts'
import { type HeldKind, holdersOf, inProcesses } from '../../../fleet/holders.ts'
import type { FleetProcess } from '../../../fleet/port.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'

export interface BreakerHolder {
  process: FleetProcess
  breaker: BreakerItem
}

const BREAKERS: HeldKind<BreakerItem> = {
  domain: 'breakers',
  schema: BreakerItem,
  noun: 'breaker',
  field: 'breaker',
  also: ['policies'],
}

/** The living processes in scope that have this breaker. Refuses when there are none. */
export async function breakerHolders(
  environment: ConsoleEnvironment,
  breaker: string,
  scope: ActScope,
): Promise<BreakerHolder[]> {
  const holders = await holdersOf(environment, BREAKERS, breaker, scope)
  return holders.map(({ process, item }) => ({ process, breaker: item }))
}

/** A warning about breakers of other libraries that cannot do what is asked: they will refuse. */
export function warnUnsupported(holders: readonly BreakerHolder[], act: UnsupportedAct | undefined): string[] {
  const unable = holders.filter(({ breaker }) => act !== undefined && breaker.unsupported?.includes(act))
  if (unable.length === 0) return []
  const names = unable.slice(0, 5).map(({ process }) => process.instance)
  const rest = unable.length > 5 ? ` and ${unable.length - 5} more` : ''
  return [
    `Refused ${inProcesses(unable.length)}, whose breaker is of a library that cannot do this: ${names.join(', ')}${rest}.`,
  ]
}
