import { defineResource } from '../../platform/environment/resource.ts'
import { RedisServers } from '../../servers/resources.ts'
import { type Board, bullBoard } from './adapters/bull-board.ts'
import { majorSettings } from './major-settings.ts'
import type { QueueRegistry } from './port.ts'
import { queueRegistry } from './registry.ts'

/** The queues of every Redis of an environment. */
export const Queues = defineResource<QueueRegistry>('queues', ({ name, settings, store, hub, outages, of }) => {
  const majors = majorSettings(store, name)
  const queues = queueRegistry(settings, of(RedisServers), { hub, outages, majorSettings: majors })
  return { value: queues, start: queues.start, close: queues.close }
})

/** Bull Board over the queues, for those who know it. */
export const BullBoard = defineResource<Board>('bull-board', ({ name, of }) => {
  const board = bullBoard(of(Queues), of(RedisServers), `/${name}/queues/board`)
  return { value: board, close: board.close }
})
