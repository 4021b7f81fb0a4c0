import { type FleetMember, type JoinFleetOptions, joinFleet } from 'substation/fleet'
import type { Logger } from 'substation/logging'
import type { ServiceConfig } from './config.ts'

type Has = Pick<
  JoinFleetOptions,
  | 'breakers'
  | 'policies'
  | 'providers'
  | 'caches'
  | 'health'
  | 'workers'
  | 'schedules'
  | 'events'
  | 'sagas'
  | 'pools'
  | 'metrics'
>

/** Shows a service, with all it has, to the fleet. */
export function membership(
  config: ServiceConfig,
  logger: Logger,
  has: Has,
  who: { owner: string; runbook: string },
): FleetMember {
  const { redisUrl, environment, key, version, commit } = config.fleet
  return joinFleet({
    redisUrl,
    environment,
    key,
    version,
    commit,
    service: config.service,
    instance: config.instance,
    ...who,
    ...has,
    logger,
    onStateChange(state, reason) {
      if (state === 'away') logger.warn('out of reach of the fleet', { reason })
      else logger.info(`fleet: ${state}`)
    },
  })
}
