import { heldByName, type InProcess, servicesOf, untilOf } from '../../fleet/held-by-name.ts'
import type { FleetSnapshot } from '../../fleet/port.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import { redactedText } from '../../platform/redact.ts'
import { type GroupStats, groupStats } from '../breakers/index.ts'
import { PROVIDERS, type ProvidersItem } from './provider-item.ts'

/** `down`: a process has none left whose breaker lets calls through. `secondary`: one serves that is not the first, unasked. `idle`: no call yet. */
export type ProviderSetState = 'down' | 'secondary' | 'forced' | 'normal' | 'idle'

/** One provider of a set over all living processes. Counts since they started, `lastMinute` of the last minute. */
export interface ProviderRow {
  name: string
  /** Of its breakers: open in how many, and so on. */
  breakers: Partial<Record<'open' | 'half-open' | 'closed', number>>
  /** Processes that it serves now. */
  serves: number
  calls: number
  failures: number
  lastMinute?: GroupStats
  /** The smallest that any process was told. */
  quota?: { limit?: number; remaining: number; resetsAt?: number; instance: string }
  lastFailure?: { at: number; message: string; instance: string }
}

export interface ProviderProcess {
  id: string
  instance: string
  service: string
  inUse?: { provider: string; since: number; why?: string }
  forced?: string
  /** None of its providers takes calls. */
  down: boolean
}

/** The providers behind one port: `email`. */
export interface ProviderSet {
  name: string
  state: ProviderSetState
  services: string[]
  /** In the order of the first process; `mixed` where another has another order. */
  providers: ProviderRow[]
  mixed: boolean
  processes: ProviderProcess[]
  /** Which serve, and in how many processes; those with a reason first. */
  inUse: { provider: string; processes: number; since: number; why?: string }[]
  forced?: { provider: string; reason: string; by: string; since: number; until?: number; processes: number }
  failedOver: number
  heldBack: number
  testable: boolean
}

/** Every set of providers that living processes report. */
export async function readProviderSets(environment: ConsoleEnvironment): Promise<Part<ProviderSet[]>> {
  return mapPart(await environment.of(Fleet).read(['providers']), providerSets)
}

export function providerSets(snapshot: FleetSnapshot): ProviderSet[] {
  return heldByName(snapshot, PROVIDERS, onConsoleClock).map(toSet)
}

/** Also without what looks secret: a vendor's words go to everyone who may see providers. */
function onConsoleClock(item: ProvidersItem, time: (at: number) => number): ProvidersItem {
  const { inUse, forced, providers } = item
  return {
    ...item,
    providers: providers.map(({ lastFailure, lastMinute, quota, ...provider }) => ({
      ...provider,
      ...(lastFailure && { lastFailure: { at: time(lastFailure.at), message: redactedText(lastFailure.message) } }),
      ...(lastMinute && {
        lastMinute: {
          ...lastMinute,
          failureClasses: lastMinute.failureClasses.map(one => ({
            ...one,
            at: time(one.at),
            message: redactedText(one.message),
          })),
        },
      }),
      ...(quota && {
        quota: { ...quota, ...(quota.resetsAt === undefined ? {} : { resetsAt: time(quota.resetsAt) }) },
      }),
    })),
    ...(inUse && {
      inUse: {
        ...inUse,
        since: time(inUse.since),
        ...(inUse.why === undefined ? {} : { why: redactedText(inUse.why) }),
      },
    }),
    ...(forced && { forced: { ...forced, since: time(forced.since), ...untilOf(forced.until, time) } }),
  }
}

type Member = InProcess<ProvidersItem>

function toSet([name, members]: [string, Member[]]): ProviderSet {
  const items = members.map(({ item }) => item)
  const forced = items.flatMap(item => item.forced ?? [])
  const orders = items.map(item => item.providers.map(provider => provider.name))
  const names = [...new Set(orders.flat())]
  const set = {
    name,
    services: servicesOf(members),
    providers: names.map(provider => toProvider(provider, members)),
    mixed: new Set(orders.map(order => JSON.stringify(order))).size > 1,
    processes: members.map(toProcess),
    inUse: servingIn(items),
    ...(forced[0] && { forced: { ...forced[0], processes: forced.length } }),
    failedOver: items.reduce((sum, item) => sum + item.failedOver, 0),
    heldBack: items.reduce((sum, item) => sum + item.heldBack, 0),
    testable: items.some(({ testable }) => testable),
  }
  return { ...set, state: stateOf(set, items) }
}

function toProvider(name: string, members: readonly Member[]): ProviderRow {
  const having = members.flatMap(({ instance, item }) => {
    const own = item.providers.find(provider => provider.name === name)
    return own ? [{ ...own, instance, serves: item.inUse?.provider === name }] : []
  })
  const breakers: ProviderRow['breakers'] = {}
  for (const { breaker } of having) if (breaker) breakers[breaker] = (breakers[breaker] ?? 0) + 1
  const lastMinute = groupStats(having.map(({ instance, lastMinute: stats }) => ({ instance, stats })))
  const [quota] = having
    .flatMap(({ quota, instance }) => (quota ? [{ ...quota, instance }] : []))
    .sort((a, b) => a.remaining - b.remaining)
  const [lastFailure] = having
    .flatMap(({ lastFailure, instance }) => (lastFailure ? [{ ...lastFailure, instance }] : []))
    .sort((a, b) => b.at - a.at)
  return {
    name,
    breakers,
    serves: having.filter(({ serves }) => serves).length,
    calls: having.reduce((sum, { calls }) => sum + calls, 0),
    failures: having.reduce((sum, { failures }) => sum + failures, 0),
    ...(lastMinute && { lastMinute }),
    ...(quota && { quota }),
    ...(lastFailure && { lastFailure }),
  }
}

const toProcess = ({ process, instance, service, item }: Member): ProviderProcess => ({
  id: process,
  instance,
  service,
  ...(item.inUse && { inUse: item.inUse }),
  ...(item.forced && { forced: item.forced.provider }),
  down: isDown(item),
})

/** A forced one is all that there is. */
function isDown({ providers, forced }: ProvidersItem): boolean {
  return providers.filter(({ name }) => !forced || name === forced.provider).every(({ breaker }) => breaker === 'open')
}

const isSecondary = ({ providers, inUse, forced }: ProvidersItem) =>
  !forced && inUse !== undefined && inUse.provider !== providers[0]?.name

function servingIn(items: readonly ProvidersItem[]): ProviderSet['inUse'] {
  const used = Map.groupBy(
    items.flatMap(item => item.inUse ?? []),
    ({ provider }) => provider,
  )
  return [...used]
    .map(([provider, list]) => {
      const why = list.find(one => one.why)?.why
      return {
        provider,
        processes: list.length,
        since: Math.min(...list.map(({ since }) => since)),
        ...(why === undefined ? {} : { why }),
      }
    })
    .sort((a, b) => Number(b.why !== undefined) - Number(a.why !== undefined) || b.processes - a.processes)
}

function stateOf(set: Omit<ProviderSet, 'state'>, items: readonly ProvidersItem[]): ProviderSetState {
  if (set.processes.some(({ down }) => down)) return 'down'
  if (set.forced) return 'forced'
  if (items.some(isSecondary)) return 'secondary'
  return set.inUse.length > 0 ? 'normal' : 'idle'
}
