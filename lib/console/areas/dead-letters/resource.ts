import { defineResource } from '../../platform/environment/resource.ts'
import { Queues } from '../queues/index.ts'
import { failureIndex } from './failure-index.ts'
import type { DeadLetterIndexes } from './port.ts'

/** The kinds of dead letters of every Redis of an environment. */
export const DeadLetters = defineResource<DeadLetterIndexes>('dead-letters', ({ name, hub, outages, of }) => {
  const onNews = () => hub.announce(name, ['dead-letters'])
  const servers = of(Queues).servers.map(server => failureIndex(server, { outages, onNews }))
  const value: DeadLetterIndexes = {
    servers,
    server: asked => servers.find(({ server }) => server === asked),
    start() {
      for (const server of servers) server.start()
    },
    async close() {
      await Promise.all(servers.map(server => server.close()))
    },
  }
  return { value, start: value.start, close: value.close }
})
