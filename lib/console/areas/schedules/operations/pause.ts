import { z } from 'zod'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { lastingWords, Minutes } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, warnUnable } from '../../../fleet/holders.ts'
import { Commands } from '../../../fleet/resources.ts'
import { sendTo } from '../../../fleet/send-command.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { ScheduleTarget, scheduleHolders, targetOf } from '../target.ts'

const MINUTE = 60_000
const UNDO_FOR = 10 * MINUTE
const Paused = z.object(ScheduleTarget)

export const pauseSchedule = defineOperation({
  id: 'schedule.pause',
  title: 'Pause a schedule',
  description: 'What is due in the meantime is noted as skipped, and not caught up. A run that goes on is not stopped.',
  permission: 'schedule:pause',
  targetKind: 'schedule',
  input: z.strictObject({ ...ScheduleTarget, minutes: Minutes, reason: Reason }),
  risk: 'one',
  reason: 'required',
  lines: ['process', 'processes'],
  target: targetOf,

  async preview({ environment }, { minutes, ...target }) {
    const { meant, shared, all, paused } = await scheduleHolders(environment, target)
    return {
      summary: `${target.schedule} will be paused ${lastingWords(minutes, 'until it is resumed')}, ${shared ? 'for all processes' : 'in each process'} of ${target.service}.`,
      action: 'Pause it',
      affected: affectedBy(shared ? all : meant),
      warnings: [
        ...warnUnable(meant, 'schedule.pause'),
        ...(paused ? [`Already paused${paused.by ? ` by ${paused.by}` : ''}; this replaces it.`] : []),
      ],
      dependents: dependentsOf(all),
      undo: { windowMs: UNDO_FOR },
    }
  },

  async run({ environment }, { service, schedule, minutes, reason }, control) {
    const holders = await scheduleHolders(environment, { service, schedule })
    const until = minutes === null ? undefined : (await environment.of(Commands).now()) + minutes * MINUTE
    const args = { schedule, until, reason }
    const did = `Paused ${schedule}`
    const outcome = await sendTo(environment, holders, { verb: 'schedule.pause', args, did }, control)
    return { ...outcome, undo: { state: { service, schedule }, windowMs: UNDO_FOR } }
  },

  recover: (context, { schedule }, control) => outcomeFromAnswers(context, control, `Paused ${schedule}`),

  overtakenBy: (_input, { operation }) => operation === 'schedule.resume' || operation === 'schedule.pause',

  async undo({ environment }, state, control) {
    const target = Paused.parse(state)
    const { schedule } = target
    const holders = await scheduleHolders(environment, target)
    return sendTo(
      environment,
      holders,
      { verb: 'schedule.resume', args: { schedule }, did: `Resumed ${schedule}` },
      control,
    )
  },

  recoverUndo: (context, state, control) =>
    outcomeFromAnswers(context, control, `Resumed ${Paused.parse(state).schedule}`),
})
