import { z } from 'zod'
import type { Override, Scope } from '../../../../infrastructure/fleet/index.ts'
import { BreakerItem, itemsOf } from '../../../fleet/details.ts'
import { isLiving } from '../../../fleet/living.ts'
import type { FleetProcess } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { processes } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { Name, ProcessId } from '../../../platform/operation/input.ts'
import type { Affected, Risk } from '../../../platform/operation/wire.ts'
import { RefusalError } from '../../../platform/refusal.ts'

/** Which of the processes that have the breaker: one, those of a service, or all. */
export const BreakerScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('process'), process: ProcessId }),
  z.strictObject({ kind: z.literal('service'), service: Name }),
  z.strictObject({ kind: z.literal('fleet') }),
])
export type BreakerScope = z.infer<typeof BreakerScope>

export const riskOfScope = ({ scope }: { scope: BreakerScope }): Risk => (scope.kind === 'process' ? 'one' : 'many')

/** The scope as fleet commands write it. */
export function toFleetScope(scope: BreakerScope): Scope {
  if (scope.kind === 'process') return { processes: [scope.process] }
  return scope.kind === 'service' ? { service: scope.service } : { all: true }
}

export interface Holder {
  process: FleetProcess
  breaker: BreakerItem
}

/** The living processes in scope that have this breaker. Refuses when there are none: a typo must not look like success. */
export async function holdersOf(
  environment: ConsoleEnvironment,
  breaker: string,
  scope: BreakerScope,
): Promise<Holder[]> {
  const fleet = await environment.of(Fleet).read(['breakers'], { maxAge: 0 })
  if (fleet.status !== 'up')
    throw new RefusalError({
      code: 'unavailable',
      message: `${fleet.reason}, so it is not known which processes have this breaker. Nothing was done.`,
      nextStep: fleet.nextStep,
    })
  const living = fleet.data.processes.filter(isLiving)
  const inScope = living.filter(process =>
    scope.kind === 'fleet'
      ? true
      : scope.kind === 'service'
        ? process.service === scope.service
        : process.id === scope.process,
  )
  const holders = inScope.flatMap(process => {
    const found = itemsOf(process, 'breakers', BreakerItem)?.items.find(item => item.name === breaker)
    return found ? [{ process, breaker: found }] : []
  })
  if (holders.length > 0) return holders
  const where =
    scope.kind === 'fleet'
      ? 'in this environment'
      : scope.kind === 'service'
        ? `of the service ${scope.service}`
        : 'with that id'
  throw new RefusalError({
    code: 'not_found',
    message: `No living process ${where} has a breaker called ${breaker}.`,
    fields: { breaker: 'no living process in that scope has it' },
  })
}

/** These processes, as a preview counts them. */
export function affectedBy(holders: Holder[]): Affected {
  return {
    count: holders.length,
    precision: 'exact',
    noun: holders.length === 1 ? 'process' : 'processes',
    sample: holders.slice(0, 10).map(({ process }) => process.instance),
  }
}

export const inProcesses = (count: number) => `in ${processes(count)}`

/** The changes to the overrides on this breaker when `scope` is released: removed or narrowed; others stay. */
export function releaseFrom(
  overrides: Override[],
  breaker: string,
  scope: BreakerScope,
  services: ReadonlyMap<string, string>,
): { set: Override[]; remove: string[] } {
  const set: Override[] = []
  const remove: string[] = []
  for (const override of overrides) {
    if (override.args.breaker !== breaker) continue
    const held = override.scope
    if (scope.kind === 'fleet' || covers(scope, held, services)) remove.push(override.id)
    else if (
      'all' in held ||
      ('service' in held && scope.kind === 'process' && services.get(scope.process) === held.service)
    ) {
      set.push({ ...override, except: [...override.except, toFleetScope(scope)] })
    }
  }
  return { set, remove }
}

/** Whether everything that `held` covers is within `scope`. `services` maps a process to its service. */
function covers(scope: BreakerScope, held: Scope, services: ReadonlyMap<string, string>): boolean {
  if ('all' in held) return false
  if ('service' in held) return scope.kind === 'service' && scope.service === held.service
  return held.processes.every(id =>
    scope.kind === 'process' ? id === scope.process : scope.kind === 'service' && services.get(id) === scope.service,
  )
}

export const namesOf = (holders: Holder[]) => new Map(holders.map(({ process }) => [process.id, process.instance]))
export const idsOf = (holders: Holder[]) => holders.map(({ process }) => process.id)
export const servicesOf = (holders: Holder[]) => new Map(holders.map(({ process }) => [process.id, process.service]))
