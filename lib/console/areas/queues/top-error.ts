import type { Part } from '../../platform/part/part.ts'
import { redactedLine } from '../../platform/redact.ts'
import { errorKey } from './attention.ts'
import type { ServerReading, WatchedQueue, WatchedServer } from './port.ts'

/** How many of the newest dead letters are examined: what fails now matters more than what failed last week. */
const LOOKED_AT = 20
const LONGEST = 140

/** The most queues that are examined, those with the most new dead letters: the cost of an overview must not grow with the failing queues. */
const MOST_QUEUES = 3

/** The top errors of the queues with the most new dead letters, by `errorKey`. */
export async function topErrors(
  servers: readonly WatchedServer[],
  readings: readonly { name: string; part: Part<ServerReading> }[],
): Promise<ReadonlyMap<string, string>> {
  const failing = readings
    .flatMap(({ name, part }) => (part.status === 'up' ? part.data.queues.map(queue => ({ name, queue })) : []))
    .filter(({ queue }) => (queue.failedLately ?? 0) > 0)
    .sort((a, b) => (b.queue.failedLately ?? 0) - (a.queue.failedLately ?? 0))
    .slice(0, MOST_QUEUES)
  const found = await Promise.all(
    failing.map(async ({ name, queue }) => {
      const server = servers.find(candidate => candidate.name === name)
      return [errorKey(name, queue.key), server && (await topError(server, queue))] as const
    }),
  )
  return new Map(found.flatMap(([key, error]) => (error === undefined ? [] : [[key, error] as const])))
}

/** The error of most of the newest dead letters of a queue, shortened; undefined where it cannot be read. */
async function topError(server: WatchedServer, { key }: Pick<WatchedQueue, 'key'>): Promise<string | undefined> {
  const address = server.addressOf(key)
  if (!address) return undefined
  const page = await server.queues
    .jobs(address, { state: 'failed', offset: 0, limit: LOOKED_AT })
    .catch(() => undefined)
  const errors = (page?.jobs ?? []).flatMap(({ error }) => {
    const text = error && redactedLine(error).text?.split('\n')[0]?.trim()
    return text ? [text] : []
  })
  const [most] = [...Map.groupBy(errors, text => text)].sort(([, a], [, b]) => b.length - a.length)
  const text = most?.[0]
  return text && text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
