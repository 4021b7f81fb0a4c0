import type { FleetSnapshot } from '../../fleet/port.ts'
import { counted } from '../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { Jobs } from '../../platform/jobs/port.ts'
import type { LiveHub } from '../../platform/live/hub.ts'
import type { Outages } from '../../platform/part/outages.ts'
import type { Part } from '../../platform/part/part.ts'
import { part } from '../../platform/part/read-part.ts'
import type { Store } from '../../platform/store/port.ts'
import type { HealthStatus } from './collect.ts'

/** One part of the console itself. */
export interface OwnComponent {
  id: string
  name: string
  status: HealthStatus
  latencyMs?: number
  message: string
  since?: number
  nextStep?: string
  /** What does not work while it is down. */
  effect: string
}

const SKEW_WORTH_SAYING = 1_000

/** The console's own parts: its store, its jobs, its Redis, its clock, its live stream. */
export async function ownHealth(
  own: { store: Store; jobs: Jobs; hub: LiveHub; outages: Outages },
  environment: ConsoleEnvironment,
  fleet: Part<FleetSnapshot>,
): Promise<OwnComponent[]> {
  const { store, jobs, hub, outages } = own
  const began = performance.now()
  const [database, queue] = await Promise.all([
    part(
      'Postgres',
      outages,
      store.ping().then(() => performance.now() - began),
    ),
    part('The job store', outages, jobs.depth()),
  ])
  const skew = fleet.status === 'down' ? undefined : fleet.data.skew
  return [
    {
      id: 'store',
      name: 'Console database',
      effect: 'Sign-in, acts and the audit need it.',
      ...(database.status === 'up'
        ? {
            status: store.state === 'ready' ? 'up' : 'degraded',
            latencyMs: database.data,
            message: store.state === 'ready' ? 'answers' : `tables are not up to date: ${store.reason ?? 'migrating'}`,
          }
        : { status: 'down', message: database.reason, since: database.since, nextStep: nextStep(database) }),
    },
    {
      id: 'jobs',
      name: 'Job store',
      effect: 'Long acts wait until it is back; short ones run without it.',
      ...(queue.status === 'up'
        ? { status: 'up', message: `${queue.data.waiting} waiting, ${queue.data.active} running` }
        : { status: 'down', message: queue.reason, since: queue.since, nextStep: nextStep(queue) }),
    },
    {
      id: 'redis',
      name: `Fleet Redis of ${environment.name}`,
      effect: 'Without it the fleet is shown as it was last seen, and no command reaches it.',
      ...(fleet.status === 'up'
        ? { status: 'up', message: `${fleet.data.processes.length} processes registered` }
        : { status: 'down', message: fleet.reason, since: fleet.since, nextStep: nextStep(fleet) }),
    },
    {
      id: 'clock',
      name: 'Clock',
      effect: 'Times on every page depend on it.',
      ...(skew === undefined
        ? { status: 'unknown', message: 'cannot be compared while Redis is down' }
        : {
            status: Math.abs(skew) > SKEW_WORTH_SAYING ? 'degraded' : 'up',
            message: `${Math.round(Math.abs(skew))} ms ${skew < 0 ? 'behind' : 'ahead of'} Redis`,
            nextStep:
              Math.abs(skew) > SKEW_WORTH_SAYING
                ? 'Synchronise the clocks of the console and of Redis (NTP).'
                : undefined,
          }),
    },
    {
      id: 'stream',
      name: 'Live stream',
      effect: 'Pages refresh automatically through it.',
      status: 'up',
      message: `${counted(hub.listeners, 'browser')} connected`,
    },
  ]
}

const nextStep = (part: { nextStep?: string }) => part.nextStep
