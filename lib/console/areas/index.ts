import type { Area } from '../platform/area/define.ts'
import { registryOf } from '../platform/area/registry.ts'
import { auditArea } from './audit/area.ts'
import { breakersArea } from './breakers/area.ts'
import { cachesArea } from './caches/area.ts'
import { databaseArea } from './database/area.ts'
import { deadLettersArea } from './dead-letters/area.ts'
import { eventsArea } from './events/area.ts'
import { healthArea } from './health/area.ts'
import { messagesArea } from './messages/area.ts'
import { metricsArea } from './metrics/area.ts'
import { migrationsArea } from './migrations/area.ts'
import { overviewArea } from './overview/area.ts'
import { providersArea } from './providers/area.ts'
import { queuesArea } from './queues/area.ts'
import { redisArea } from './redis/area.ts'
import { runningArea } from './running/area.ts'
import { sagasArea } from './sagas/area.ts'
import { schedulesArea } from './schedules/area.ts'
import { servicesArea } from './services/area.ts'
import { shellArea } from './shell/area.ts'

/** Every area, in the order of the navigation. */
export const areas: readonly Area[] = [
  overviewArea,
  servicesArea,
  healthArea,
  metricsArea,
  redisArea,
  databaseArea,
  breakersArea,
  providersArea,
  cachesArea,
  queuesArea,
  deadLettersArea,
  eventsArea,
  schedulesArea,
  sagasArea,
  messagesArea,
  migrationsArea,
  runningArea,
  auditArea,
  shellArea,
]

/** Their views, operations, permissions and topics, combined. */
export const registry = registryOf(areas)
