import { z } from 'zod'
import { heldByName, type InProcess, servicesOf, untilOf } from '../../../fleet/held-by-name.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { search } from '../../../platform/view/text-filters.ts'
import { POLICIES, type PolicyItem } from '../policy-item.ts'

const LIMIT = 300

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

export interface LimitsData {
  limits: Part<{ policies: PolicyGroup[]; total: number }>
}

/** Bulkheads, rate limits and retry budgets of the environment. */
export const limitsView = defineView({
  id: 'limits',
  title: 'Limits',
  permission: 'breaker:read',
  topics: ['breakers', 'fleet'],
  filters: z.object({ q: search }),
  freshFor: 1_000,
  async read({ environment }, { q }): Promise<LimitsData> {
    const fleet = await environment.of(Fleet).read(['policies'])
    const wanted = q.toLowerCase()
    const matches = (group: { name: string; services: string[] }) =>
      !wanted || [group.name, ...group.services].some(text => text.toLowerCase().includes(wanted))
    return {
      limits: mapPart(fleet, snapshot => {
        const policies = heldByName(snapshot, POLICIES, toPolicyTime)
          .map(toPolicyGroup)
          .filter(isLimited)
          .filter(matches)
        return {
          policies: policies.slice(0, LIMIT),
          total: policies.length,
        }
      }),
    }
  },
})

/** A policy that bounds nothing, of a breaker and a timeout alone, is a row of the breakers. */
const isLimited = ({ bulkhead, rateLimit, retryBudget, hedge, fallback }: PolicyGroup) =>
  [bulkhead, rateLimit, retryBudget, hedge, fallback].some(part => part !== undefined)

function toPolicyTime(item: PolicyItem, time: (at: number) => number): PolicyItem {
  const { override } = item
  if (!override) return item
  return { ...item, override: { ...override, since: time(override.since), ...untilOf(override.until, time) } }
}

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
