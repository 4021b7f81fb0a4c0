import type { Redis } from 'ioredis'
import type { QueueMajor, WorkerClient, WorkerSighting } from '../../server-port.ts'

/** Commands with which BullMQ waits for a job, and the majors that use them. */
const WAITING: ReadonlyMap<string, QueueMajor[]> = new Map([
  ['bzpopmin', [5, 6]],
  ['brpoplpush', [4]],
])

/** Connections to this database whose client name is that of a worker. A worker has one of them. */
export async function workers(redis: Redis): Promise<WorkerSighting> {
  const list = String(await redis.client('LIST'))
  const database = String(redis.options.db ?? 0)
  const byQueue = new Map<string, WorkerClient[]>()
  let unnamed = 0
  for (const line of list.split('\n')) {
    const field = fieldsOf(line)
    if (field('db') !== database && field('db') !== '') continue
    const waits = WAITING.get(field('cmd'))
    const queue = queueOf(field('name'))
    if (queue === undefined) {
      if (waits) unnamed++
      continue
    }
    const known = byQueue.get(queue.key) ?? []
    known.push({
      address: field('addr'),
      ...(queue.worker ? { name: queue.worker } : {}),
      ageSeconds: Number(field('age')),
      idleSeconds: Number(field('idle')),
      ...(waits ? { majors: waits } : {}),
    })
    byQueue.set(queue.key, known)
  }
  return { byQueue, unnamed }
}

/** The value of a field of a client, empty when it has none. */
function fieldsOf(line: string): (field: string) => string {
  const fields = new Map(
    line.split(' ').map(pair => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
  return field => fields.get(field) ?? ''
}

/** `prefix:base64(name)`, in BullMQ 5 and 6 optionally with `:w:` and the worker's own name. A prefix may contain colons. */
function queueOf(clientName: string): { key: string; worker?: string } | undefined {
  const [bare = '', ...own] = clientName.split(':w:')
  const colon = bare.lastIndexOf(':')
  const encoded = bare.slice(colon + 1)
  const name = Buffer.from(encoded, 'base64').toString()
  // Anything can be decoded as base64; only what encodes back to the same text was a name.
  if (colon < 1 || name === '' || Buffer.from(name).toString('base64') !== encoded) return
  return { key: `${bare.slice(0, colon)}:${name}`, ...(own.length > 0 ? { worker: own.join(':w:') } : {}) }
}
