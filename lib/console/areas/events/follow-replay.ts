import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import { Commands, Fleet } from '../../fleet/resources.ts'
import { counted } from '../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../platform/operation/define.ts'
import { RunTakenOverError } from '../../platform/operation/taken-over.ts'
import { DOMAIN, EventsReportItem, type ReplayItem } from './events-item.ts'

const EVERY = 500
/** How long a report may be missing (ms): details are written every two seconds at most. */
const MISSING_FOR = 20_000

/** Waits until the process reports that the replay with the run's id has ended. */
export async function followReplay(
  environment: ConsoleEnvironment,
  { process, subscription, total }: { process: string; subscription: string; total?: number },
  { runId, actor, signal, progress }: Pick<RunControl, 'runId' | 'actor' | 'signal' | 'progress'>,
): Promise<RunOutcome> {
  let seenAt = performance.now()
  let last: ReplayItem | undefined
  for (;;) {
    const { replay, instance, alive } = await read()
    if (replay) {
      last = replay
      seenAt = performance.now()
      progress({ done: replay.sent, ...(total === undefined ? {} : { total }) })
      if (replay.endedAt !== undefined) return outcomeOf(replay, instance)
    }
    const how = `Sent ${counted(last?.sent ?? 0, 'event')} to ${subscription}`
    if (signal.aborted) return { status: 'aborted', summary: `${how}. ${await stop(instance)}` }
    if (alive === false)
      return { status: 'unknown', summary: `${how}; then ${instance} stopped. Replayed again, the rest is sent too.` }
    if (performance.now() - seenAt > MISSING_FOR)
      return { status: 'unknown', summary: `${how}; ${instance} no longer reports how far it is.` }
    await pause(EVERY, undefined, { signal }).catch(() => undefined)
  }

  async function stop(instance: string): Promise<string> {
    if (signal.reason instanceof RunTakenOverError) return `${instance} goes on.`
    const [answer] = await environment
      .of(Commands)
      .issue({
        id: newId(),
        verb: 'events.replay-stop',
        scope: { processes: [process] },
        args: { replay: runId },
        issuedBy: actor.name,
        expected: [process],
      })
      .catch((error: unknown) => [{ status: 'silent', reason: messageOf(error) }])
    if (answer?.status === 'applied') return `${instance} stops after the piece that it is sending.`
    if (answer?.status === 'refused') return `${instance} no longer sends it: ${answer.reason}.`
    return `${instance} may go on: it did not confirm that it stops (${answer?.reason ?? 'no answer'}).`
  }

  async function read(): Promise<{ instance: string; alive?: boolean; replay?: ReplayItem }> {
    const fleet = await environment.of(Fleet).read([DOMAIN], { maxAge: 0 })
    if (fleet.status !== 'up') return { instance: process }
    const found = fleet.data.processes.find(({ id }) => id === process)
    if (!found) return { instance: process, alive: false }
    const items = itemsOf(found, DOMAIN, EventsReportItem)?.items ?? []
    const replays = items.flatMap(item => (item.kind === 'events' ? item.replays : []))
    const replay = replays.find(({ id }) => id === runId)
    return { instance: found.instance, alive: isLiving(found), ...(replay ? { replay } : {}) }
  }
}

function outcomeOf({ sent, error, subscription }: ReplayItem, instance: string): RunOutcome {
  const did = `Sent ${counted(sent, 'event')} to ${subscription} again, by ${instance}`
  if (error === undefined) return { status: 'succeeded', summary: `${did}.` }
  return { status: sent > 0 ? 'partial' : 'failed', summary: `${did}. Then: ${error}.` }
}
