import type { z } from 'zod'
import type { Verb } from '../../infrastructure/fleet/index.ts'
import { counted, processes } from '../platform/counted.ts'
import type { ConsoleEnvironment } from '../platform/environment/port.ts'
import type { Affected } from '../platform/operation/wire.ts'
import { RefusalError } from '../platform/refusal.ts'
import type { ActScope } from './act-scope.ts'
import { itemsOf } from './details.ts'
import { isLiving } from './living.ts'
import type { FleetProcess } from './port.ts'
import { Fleet } from './resources.ts'

/** One kind of thing that processes have, as they report it. */
export interface HeldKind<Item extends { name: string }> {
  domain: string
  schema: z.ZodType<Item>
  /** What people call it, and the field of an act's input that names it. */
  noun: string
  field: string
  /** Other domains that the caller looks at in the processes that have it. */
  also?: readonly string[]
}

export interface Holder<Item> {
  process: FleetProcess
  item: Item
}

/** The living processes in scope that have it. Refuses when there are none: a typo must not look like success. */
export async function holdersOf<Item extends { name: string }>(
  environment: ConsoleEnvironment,
  { domain, schema, noun, field, also = [] }: HeldKind<Item>,
  name: string,
  scope: ActScope,
): Promise<Holder<Item>[]> {
  const fleet = await environment.of(Fleet).read([domain, ...also], { maxAge: 0 })
  if (fleet.status !== 'up')
    throw new RefusalError({
      code: 'unavailable',
      message: `${fleet.reason}, so it is not known which processes have this ${noun}. Nothing was done.`,
      nextStep: fleet.nextStep,
    })
  const holders = fleet.data.processes.filter(isLiving).flatMap(process => {
    if (scope.kind === 'service' && process.service !== scope.service) return []
    if (scope.kind === 'process' && process.id !== scope.process) return []
    const item = itemsOf(process, domain, schema)?.items.find(each => each.name === name)
    return item ? [{ process, item }] : []
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
    message: `No living process ${where} has a ${noun} called ${name}.`,
    fields: { [field]: 'no living process in that scope has it' },
  })
}

export interface OnProcess {
  process: FleetProcess
}

/** These processes, as a preview counts them. */
export function affectedBy(holders: readonly OnProcess[]): Affected {
  return {
    count: holders.length,
    precision: 'exact',
    noun: holders.length === 1 ? 'process' : 'processes',
    sample: holders.slice(0, 10).map(({ process }) => process.instance),
  }
}

export const inProcesses = (count: number) => `in ${processes(count)}`
export const namesOf = (holders: readonly OnProcess[]) =>
  new Map(holders.map(({ process }) => [process.id, process.instance]))
export const idsOf = (holders: readonly OnProcess[]) => holders.map(({ process }) => process.id)
export const servicesOf = (holders: readonly OnProcess[]) =>
  new Map(holders.map(({ process }) => [process.id, process.service]))
export const dependentsOf = (holders: readonly OnProcess[]) => [
  ...new Set(holders.map(({ process }) => process.service)),
]

/** A warning about overrides that an act replaces: `Already forced in 3 processes, by Ada; this replaces it.` */
export function warnReplaced(did: string, holds: readonly ({ by: string } | undefined)[]): string[] {
  const by = holds.flatMap(hold => hold?.by ?? [])
  return by.length === 0
    ? []
    : [`Already ${did} ${inProcesses(by.length)}, by ${[...new Set(by)].join(', ')}; this replaces it.`]
}

/** A warning about processes that will not obey: with an older library, without a key, or set to refuse. */
export function warnUnable(holders: readonly OnProcess[], verb: Verb): string[] {
  const unable = holders.filter(({ process }) => process.identity && !process.identity.verbs.includes(verb))
  if (unable.length === 0) return []
  const names = unable.slice(0, 5).map(({ process }) => process.instance)
  const rest = unable.length > 5 ? ` and ${unable.length - 5} more` : ''
  return [
    `${counted(unable.length, 'process does', 'processes do')} not obey this command, by an older library, a missing fleet key or by choice: ${names.join(', ')}${rest}.`,
  ]
}
