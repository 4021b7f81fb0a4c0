import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import { toConsoleTime } from '../../../fleet/clocks.ts'
import { itemsOf } from '../../../fleet/details.ts'
import type { HeldKind } from '../../../fleet/holders.ts'
import { isLiving } from '../../../fleet/living.ts'
import type { FleetProcess, FleetSnapshot } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { search } from '../../../platform/view/text-filters.ts'
import { POLICIES, type PolicyItem, PROVIDERS, type ProvidersItem } from '../policy-item.ts'

const LIMIT = 300

export interface InProcess<Item> {
  process: string
  instance: string
  service: string
  item: Item
}

/** One policy over all living processes that have it. Counts are sums; limits are each process' own. */
export interface PolicyGroup {
  name: string
  services: string[]
  processes: InProcess<PolicyItem>[]
  /** The limits that are in force, of the first process; `mixed` when others differ. */
  mixed: boolean
  bulkhead?: { maxConcurrent: number; maxQueued: number; active: number; queued: number; refused: number }
  rateLimit?: {
    calls: number
    perMs: number
    burst: number
    shared: boolean
    alone: number
    allowed: number
    waited: number
    refused: number
  }
  retry?: { attempts: number; backoff: string; retries: number }
  retryBudget?: { ratio: number; calls: number; retries: number; left: number; exhausted: number }
  hedge?: { afterMs: number; hedged: number; won: number }
  fallback?: { used: number }
  override?: NonNullable<PolicyItem['override']> & { processes: number }
  owner?: string
  runbook?: string
}

export interface ProvidersGroup {
  name: string
  services: string[]
  processes: InProcess<ProvidersItem>[]
  /** Which provider is in use, and in how many processes. */
  inUse: { provider: string; processes: number; why?: string; since: number }[]
  forced?: NonNullable<ProvidersItem['forced']> & { processes: number }
  failedOver: number
  heldBack: number
}

export interface LimitsData {
  limits: Part<{ policies: PolicyGroup[]; providers: ProvidersGroup[]; total: number }>
}

/** Bulkheads, rate limits, retry budgets and failovers of the environment. */
export const limitsView = defineView({
  id: 'limits',
  title: 'Limits',
  permission: 'breaker:read',
  topics: ['breakers', 'fleet'],
  filters: z.object({ q: search }),
  freshFor: 1_000,
  async read({ environment }, { q }): Promise<LimitsData> {
    const fleet = await environment.of(Fleet).read(['policies', 'providers'])
    const wanted = q.toLowerCase()
    const matches = (group: { name: string; services: string[] }) =>
      !wanted || [group.name, ...group.services].some(text => text.toLowerCase().includes(wanted))
    return {
      limits: mapPart(fleet, snapshot => {
        const policies = grouped(snapshot, POLICIES, toPolicyTime).map(toPolicyGroup).filter(isLimited).filter(matches)
        const providers = grouped(snapshot, PROVIDERS, toProvidersTime).map(toProvidersGroup).filter(matches)
        return {
          policies: policies.slice(0, LIMIT),
          providers: providers.slice(0, LIMIT),
          total: policies.length + providers.length,
        }
      }),
    }
  },
})

/** A policy that bounds nothing, of a breaker and a timeout alone, is a row of the breakers. */
const isLimited = ({ bulkhead, rateLimit, retryBudget, hedge, fallback }: PolicyGroup) =>
  [bulkhead, rateLimit, retryBudget, hedge, fallback].some(part => part !== undefined)

/** By name; each item's times on the console's clock. */
function grouped<Item extends { name: string }>(
  snapshot: FleetSnapshot,
  { domain, schema }: HeldKind<Item>,
  toTime: (item: Item, time: (at: number) => number) => Item,
): [string, InProcess<Item>[]][] {
  const all = snapshot.processes.filter(isLiving).flatMap((process: FleetProcess) =>
    (itemsOf(process, domain, schema)?.items ?? []).map(item => ({
      process: process.id,
      instance: process.instance,
      service: process.service,
      item: toTime(item, at => toConsoleTime(at, process, snapshot)),
    })),
  )
  const inOrder = all.sort((a, b) => byText(a.instance, b.instance))
  return [...Map.groupBy(inOrder, ({ item }) => item.name)].sort(([a], [b]) => byText(a, b))
}

const untilOf = (until: number | undefined, time: (at: number) => number) =>
  until === undefined ? {} : { until: time(until) }

function toPolicyTime(item: PolicyItem, time: (at: number) => number): PolicyItem {
  const { override } = item
  if (!override) return item
  return { ...item, override: { ...override, since: time(override.since), ...untilOf(override.until, time) } }
}

function toProvidersTime(item: ProvidersItem, time: (at: number) => number): ProvidersItem {
  const { inUse, forced } = item
  return {
    ...item,
    ...(inUse ? { inUse: { ...inUse, since: time(inUse.since) } } : {}),
    ...(forced ? { forced: { ...forced, since: time(forced.since), ...untilOf(forced.until, time) } } : {}),
  }
}

const servicesOf = (members: readonly { service: string }[]) =>
  [...new Set(members.map(({ service }) => service))].sort(byText)

function toPolicyGroup([name, members]: [string, InProcess<PolicyItem>[]]): PolicyGroup {
  const items = members.map(({ item }) => item)
  const places = items.flatMap(item => item.bulkhead ?? [])
  const turns = items.flatMap(item => item.rateLimit ?? [])
  const again = items.flatMap(item => item.retry ?? [])
  const budgets = again.flatMap(item => item.budget ?? [])
  const hedges = items.flatMap(item => item.hedge ?? [])
  const fallbacks = items.flatMap(item => item.fallback ?? [])
  const overrides = items.flatMap(item => item.override ?? [])
  const sum = <T>(list: readonly T[], pick: (one: T) => number) => list.reduce((total, one) => total + pick(one), 0)
  const [place, turn, tries, budget, hedge, override] = [
    places[0],
    turns[0],
    again[0],
    budgets[0],
    hedges[0],
    overrides[0],
  ]
  const limitsIn = (item: PolicyItem) =>
    JSON.stringify([
      item.bulkhead?.maxConcurrent,
      item.bulkhead?.maxQueued,
      item.rateLimit?.calls,
      item.rateLimit?.burst,
      item.retry?.budget?.ratio,
    ])
  const owner = items.find(item => item.owner)?.owner
  const runbook = items.find(item => item.runbook)?.runbook
  return {
    name,
    services: servicesOf(members),
    processes: members.slice(0, LIMIT),
    mixed: new Set(items.map(limitsIn)).size > 1,
    ...(place && {
      bulkhead: {
        maxConcurrent: place.maxConcurrent,
        maxQueued: place.maxQueued,
        active: sum(places, ({ active }) => active),
        queued: sum(places, ({ queued }) => queued),
        refused: sum(places, ({ rejected, timedOut }) => rejected + timedOut),
      },
    }),
    ...(turn && {
      rateLimit: {
        calls: turn.calls,
        perMs: turn.perMs,
        burst: turn.burst,
        shared: turn.shared,
        alone: turns.filter(({ alone }) => alone).length,
        allowed: sum(turns, ({ allowed }) => allowed),
        waited: sum(turns, ({ waited }) => waited),
        refused: sum(turns, ({ refused }) => refused),
      },
    }),
    ...(tries && {
      retry: { attempts: tries.attempts, backoff: tries.backoff, retries: sum(again, ({ retries }) => retries) },
    }),
    ...(budget && {
      retryBudget: {
        ratio: budget.ratio,
        calls: sum(budgets, ({ calls }) => calls),
        retries: sum(budgets, ({ retries }) => retries),
        left: sum(budgets, ({ left }) => left),
        exhausted: sum(budgets, ({ exhausted }) => exhausted),
      },
    }),
    ...(hedge && {
      hedge: {
        afterMs: hedge.afterMs,
        hedged: sum(hedges, ({ hedged }) => hedged),
        won: sum(hedges, ({ won }) => won),
      },
    }),
    ...(fallbacks.length > 0 && { fallback: { used: sum(fallbacks, ({ used }) => used) } }),
    ...(override && { override: { ...override, processes: overrides.length } }),
    ...(owner === undefined ? {} : { owner }),
    ...(runbook === undefined ? {} : { runbook }),
  }
}

function toProvidersGroup([name, members]: [string, InProcess<ProvidersItem>[]]): ProvidersGroup {
  const items = members.map(({ item }) => item)
  const forced = items.flatMap(item => item.forced ?? [])
  const used = Map.groupBy(
    items.flatMap(item => item.inUse ?? []),
    ({ provider }) => provider,
  )
  const inUse = [...used].map(([provider, list]) => {
    const why = list.find(one => one.why)?.why
    return {
      provider,
      processes: list.length,
      since: Math.min(...list.map(({ since }) => since)),
      ...(why === undefined ? {} : { why }),
    }
  })
  return {
    name,
    services: servicesOf(members),
    processes: members.slice(0, LIMIT),
    inUse: inUse.sort((a, b) => b.processes - a.processes),
    ...(forced[0] && { forced: { ...forced[0], processes: forced.length } }),
    failedOver: items.reduce((sum, item) => sum + item.failedOver, 0),
    heldBack: items.reduce((sum, item) => sum + item.heldBack, 0),
  }
}
