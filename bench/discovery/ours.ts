import { openQueueServer } from '../../lib/infrastructure/queue/index.ts'
import { measureFinding } from './finding.ts'

/** As the console finds them: in stretches, with rests, every prefix. */
measureFinding(async redis => {
  const server = openQueueServer(redis)
  let found = 0
  for (let from: string | undefined = '0'; from !== undefined; ) {
    const part = await server.find({ from })
    found += part.queues.length
    from = part.next
  }
  return found
})
