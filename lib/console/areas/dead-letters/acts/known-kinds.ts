import { setTimeout as pause } from 'node:timers/promises'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { WatchedServer } from '../../queues/index.ts'
import type { FailureIndex, QueueKind, ServerFailures } from '../port.ts'
import { DeadLetters } from '../resource.ts'

/** How long an act waits until all queues have been found, and one that goes on in a console that has just started (ms). */
const WAIT_MS = 2_000
const RESUMED_WAIT_MS = 60_000
const ASK_EVERY = 250

interface KnownKind {
  server: string
  queue: string
  kind: QueueKind
}

/** The kinds of dead letters as they are now, of all servers or one, of all queues or one. Refuses where they are not known. */
export async function knownKinds(
  environment: ConsoleEnvironment,
  { server, queue }: { server?: string | undefined; queue?: string | undefined },
  { resumed = false } = {},
): Promise<KnownKind[]> {
  const asked = environment.of(DeadLetters).servers.filter(index => server === undefined || index.server === server)
  if (asked.length === 0)
    throw new RefusalError({
      code: 'not_found',
      message: `No Redis called ${server} is watched in this environment.`,
      fields: { 'which.server': 'is not watched' },
    })
  const known = await Promise.all(
    asked.map(async index => ({ index, failures: await failuresNow(index, resumed ? RESUMED_WAIT_MS : WAIT_MS) })),
  )
  return known.flatMap(({ index, failures }) =>
    failures.queues
      .filter(({ key }) => queue === undefined || key === queue)
      .flatMap(({ key, kinds }) => kinds.map(kind => ({ server: index.server, queue: key, kind }))),
  )
}

/** An act goes by what is there now, and by all of it. */
async function failuresNow(index: FailureIndex, waitMs: number): Promise<ServerFailures> {
  await index.refresh()
  return until(waitMs, async () => {
    const part = index.peek()
    if (part?.status === 'up' && part.data.complete) return part.data
    await index.refresh()
    return part?.status === 'up' || !part ? `The queues of Redis ${index.server} are still being examined` : part.reason
  })
}

/** The keys of all queues of a server, once it has been searched as a whole. */
export function foundQueues(server: WatchedServer): Promise<string[]> {
  return until(RESUMED_WAIT_MS, async () => {
    const part = await server.read({ maxAge: 0 })
    if (part.status === 'up' && part.data.search.completedAt !== undefined)
      return part.data.queues.map(({ key }) => key)
    return part.status === 'up' ? `Redis ${server.name} is still being searched for queues` : part.reason
  })
}

/** What it answers once it no longer answers why not; refuses with that reason after a while. */
async function until<T extends object>(waitMs: number, ask: () => Promise<T | string>): Promise<T> {
  const deadline = performance.now() + waitMs
  for (;;) {
    const answer = await ask()
    if (typeof answer !== 'string') return answer
    if (performance.now() > deadline)
      throw new RefusalError({
        code: 'unavailable',
        message: `${answer}. Nothing was done.`,
        nextStep: 'Choose another server, or try again in a moment.',
      })
    await pause(ASK_EVERY)
  }
}
