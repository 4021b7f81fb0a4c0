import type { CommandArguments } from '../../../infrastructure/fleet/index.ts'
import { idsOf, namesOf } from '../../fleet/holders.ts'
import { ledgerOf, outcomeOf } from '../../fleet/process-answers.ts'
import { Commands } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../platform/operation/define.ts'
import type { scheduleHolders } from './target.ts'

type ScheduleVerb = 'schedule.run' | 'schedule.pause' | 'schedule.resume' | 'schedule.change' | 'schedule.restore'

/** Sends a command to those that are asked, and says what they answered. */
export async function sendTo<V extends ScheduleVerb>(
  environment: ConsoleEnvironment,
  { meant }: Pick<Awaited<ReturnType<typeof scheduleHolders>>, 'meant'>,
  { verb, args, did }: { verb: V; args: CommandArguments[V]; did: string },
  control: RunControl,
): Promise<RunOutcome> {
  const names = namesOf(meant)
  const answers = await environment.of(Commands).issue({
    id: control.runId,
    verb,
    scope: { processes: idsOf(meant) },
    args,
    issuedBy: control.actor.name,
    expected: idsOf(meant),
    signal: control.signal,
    onAnswer: ledgerOf(names, control),
  })
  return outcomeOf(did, answers, names)
}
