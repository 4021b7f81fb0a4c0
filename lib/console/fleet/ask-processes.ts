import { newId } from '../../core/ids.ts'
import type { AskingVerb, CommandArguments } from '../../infrastructure/fleet/index.ts'
import type { ConsoleEnvironment } from '../platform/environment/port.ts'
import type { ProcessAnswer } from './commander.ts'
import { Commands } from './resources.ts'

/** How long answers are waited for (ms): a process whose nudge was lost reads the command with its next heartbeat, two seconds later at most. */
export const ASK_WAIT_MS = 3_000

/** The answers of those processes that gave one. Rejects with the reason when none did. */
export async function askProcesses<V extends AskingVerb>(
  environment: ConsoleEnvironment,
  verb: V,
  args: CommandArguments[V],
  expected: readonly string[],
): Promise<ProcessAnswer[]> {
  const answers = await environment.of(Commands).issue({
    id: newId(),
    verb,
    scope: { processes: [...expected] },
    args,
    issuedBy: 'the console',
    expected,
    waitMs: ASK_WAIT_MS,
  })
  const applied = answers.filter(({ status }) => status === 'applied')
  if (applied.length === 0)
    throw new Error(answers.find(({ reason }) => reason)?.reason ?? 'none of its processes answered')
  return applied
}
