import type { CommandArguments, Verb } from '../../infrastructure/fleet/index.ts'
import type { ConsoleEnvironment } from '../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../platform/operation/define.ts'
import { idsOf, namesOf, type OnProcess } from './holders.ts'
import { ledgerOf, outcomeOf } from './process-answers.ts'
import { Commands } from './resources.ts'

/** Sends a command to those that are asked, and says what they answered. */
export async function sendTo<V extends Verb>(
  environment: ConsoleEnvironment,
  { meant }: { meant: readonly OnProcess[] },
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
