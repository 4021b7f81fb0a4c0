import type { BreakerRegistry } from '../resilience/index.ts'
import { redisFleetMember } from './adapters/redis/member.ts'
import { eventsHandlers, type OperableEvents } from './events-handlers.ts'
import { type HotKeysReporting, hotKeysSource, type StatementsReporting, statementsSource } from './paced-sources.ts'
import type { CommandHandlers, FleetIdentity, FleetMember, FleetSource, FleetState } from './port.ts'
import type { Verb } from './protocol/messages.ts'
import { type OperableSagas, sagaHandlers } from './sagas-handlers.ts'
import { type OperableSchedules, scheduleHandlers } from './schedules-handlers.ts'
import {
  breakerHandlers,
  cacheHandlers,
  type DependentWorkers,
  type ForcibleProviders,
  type InvalidatableCaches,
  joined,
  type Levelled,
  type LimitedPolicies,
  logHandlers,
  policyHandlers,
  providerHandlers,
  providerReports,
  type Reporting,
  refreshedSourceOf,
  sourceOf,
  workerHandlers,
} from './sources.ts'

export interface JoinFleetOptions extends FleetIdentity {
  redisUrl: string
  environment: string
  /** SUBSTATION_FLEET_KEY. Without it this process reports, but obeys no command. */
  key?: string
  breakers?: BreakerRegistry
  policies?: Reporting & LimitedPolicies
  /** Sets of providers with failover. */
  providers?: readonly (ForcibleProviders & {
    onChange?(listener: (change: { name: string; at: number }) => void): () => void
  })[]
  caches?: Reporting & InvalidatableCaches & Partial<HotKeysReporting>
  health?: Reporting & {
    onChange?(listener: (report: { name: string; status: string; message?: string }) => void): () => void
  }
  workers?: Reporting & DependentWorkers
  /** Its scheduler, and what it keeps in other libraries. */
  schedules?: (Reporting & OperableSchedules) | readonly (Reporting & OperableSchedules)[]
  events?: Reporting & OperableEvents
  sagas?: Reporting & OperableSagas
  pools?: Reporting & Partial<StatementsReporting>
  metrics?: Reporting
  logger?: Levelled
  sources?: FleetSource[]
  /** Verbs this process always refuses. */
  refuse?: Verb[]
  onStateChange?: (state: FleetState, reason?: string) => void
}

/**
 * Registers this process with the fleet and connects its registries to the console's views and operations. Call `start()`; it
 * never rejects because of Redis. One membership per process and instance; a second start throws FleetRegistrationError.
 */
export function joinFleet(options: JoinFleetOptions): FleetMember {
  const { breakers, policies, providers, caches, health, workers, events, sagas, pools, metrics, logger } = options
  const schedules = options.schedules && [options.schedules].flat()
  const domains: Record<string, Reporting | undefined> = {
    breakers,
    policies,
    caches,
    workers,
    schedules: schedules && joined(schedules),
    events,
    sagas,
    pools,
    metrics,
  }
  const sources = Object.entries(domains).flatMap(([domain, registry]) =>
    registry ? [sourceOf(domain, registry)] : [],
  )
  const handlers: CommandHandlers = {
    ...(breakers && breakerHandlers(breakers)),
    ...(policies && policyHandlers(policies)),
    ...(providers && providerHandlers(providers)),
    ...(workers?.ignoreDependencies && workerHandlers(workers)),
    ...(schedules && scheduleHandlers(schedules)),
    ...(events && eventsHandlers(events)),
    ...(sagas && sagaHandlers(sagas)),
    ...(caches && cacheHandlers(caches)),
    ...(logger && logHandlers(logger)),
  }
  for (const verb of options.refuse ?? []) delete handlers[verb]

  const { service, instance, version, commit, owner, runbook } = options
  const member = redisFleetMember({
    redisUrl: options.redisUrl,
    environment: options.environment,
    identity: { service, instance, version, commit, owner, runbook },
    key: options.key,
    // A latency is worth an update, though not with every heartbeat.
    sources: [
      ...sources,
      ...(providers ? [refreshedSourceOf('providers', providerReports(providers), 10_000)] : []),
      ...(health ? [refreshedSourceOf('health', health, 10_000)] : []),
      ...(caches && knowsHotKeys(caches) ? [hotKeysSource(caches)] : []),
      ...(pools && knowsStatements(pools) ? [statementsSource(pools)] : []),
      ...(options.sources ?? []),
    ],
    handlers,
    onStateChange: options.onStateChange,
  })
  breakers?.onTransition(({ breaker, at: _ownClock, ...transition }) => {
    member.publish('breaker.transition', { breaker, ...transition, report: breakers.get(breaker)?.report() })
    void member.flush()
  })
  for (const set of providers ?? [])
    set.onChange?.(({ at: _ownClock, ...change }) => {
      member.publish('provider.changed', change)
      void member.flush()
    })
  health?.onChange?.(({ name, status, message }) => member.publish('health.changed', { check: name, status, message }))
  return member
}

function knowsHotKeys(caches: Partial<HotKeysReporting>): caches is HotKeysReporting {
  return caches.hotKeys !== undefined
}

function knowsStatements(pools: Partial<StatementsReporting>): pools is StatementsReporting {
  return pools.statements !== undefined
}
