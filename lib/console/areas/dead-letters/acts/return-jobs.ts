import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFields, queueTitle, retrying, targetOf } from '../../queues/index.ts'
import { REDIS_WAIT_MS } from './selected-jobs.ts'

const PAGE = 200
const UndoState = z.object({ run: z.string(), queues: z.array(z.object(queueFields)) })

/** What an undo needs to find the jobs again. */
export const undoState = (run: string, queues: readonly { server: { name: string }; key: string }[]) => ({
  run,
  // A resumed run may name a queue twice.
  queues: [
    ...new Map(
      queues.map(({ server, key }) => [`${server.name} ${key}`, { server: server.name, queue: key }]),
    ).values(),
  ],
})

type Give = (
  acts: Awaited<ReturnType<typeof targetOf>>['server']['acts'],
  address: Awaited<ReturnType<typeof targetOf>>['address'],
  run: string,
  ids: readonly string[],
) => Promise<{ moved: number; refused: { id: string; reason: string }[] }>

/** Takes back what a run did to its jobs, the last of them first; each that stays as it is has a line with the reason. */
export async function takeBack(
  environment: ConsoleEnvironment,
  state: unknown,
  { signal, item, progress }: Pick<RunControl, 'signal' | 'item' | 'progress'>,
  { did, give }: { did: string; give: Give },
): Promise<RunOutcome> {
  const { run, queues } = UndoState.parse(state)
  let moved = 0
  let stayed = 0
  for (const place of queues) {
    const { server, address } = await targetOf(environment, place)
    const ids: string[] = []
    for (let from = 0; ; from += PAGE) {
      const page = await retrying(() => server.acts.movedBy(address, run, from, PAGE), signal, REDIS_WAIT_MS)
      ids.push(...page)
      if (page.length < PAGE) break
    }
    // The last ones are at the head of the line, where they are found at once.
    ids.reverse()
    for (let at = 0; at < ids.length && !signal.aborted; at += PAGE) {
      const some = ids.slice(at, at + PAGE)
      const step = await retrying(() => give(server.acts, address, run, some), signal, REDIS_WAIT_MS)
      moved += step.moved
      for (const { id, reason } of step.refused)
        if (++stayed <= 1_000) await item(`${queueTitle(place.queue)} ${id}`.slice(0, 300), 'refused', reason)
      progress({ done: moved })
    }
    void server.read({ maxAge: 0 })
  }
  if (moved === 0 && stayed > 0)
    throw new RefusalError({
      code: 'conflict',
      message: `None of the ${counted(stayed, 'job')} can be ${did}: workers had begun them, or they are gone.`,
    })
  const rest =
    stayed > 0 ? ` ${counted(stayed, 'job stays as it is', 'jobs stay as they are')}, each with its reason.` : ''
  return { status: stayed > 0 ? 'partial' : 'succeeded', summary: `${counted(moved, 'job')} ${did}.${rest}` }
}

/** Replayed jobs that no worker has begun become dead letters again. */
export const returnJobs = (environment: ConsoleEnvironment, state: unknown, control: RunControl) =>
  takeBack(environment, state, control, {
    did: 'returned to the dead letters',
    give: (acts, address, run, ids) => acts.returnWaiting(address, run, ids),
  })
