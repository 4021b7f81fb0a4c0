import { z } from 'zod'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { affectedBy, dependentsOf, warnUnable } from '../../../fleet/holders.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { sendTo } from '../command.ts'
import { ScheduleTarget, scheduleHolders, targetOf } from '../target.ts'

export const resumeSchedule = defineOperation({
  id: 'schedule.resume',
  title: 'Resume a schedule',
  description: 'It runs again when it is due. What was due while it was paused is not caught up.',
  permission: 'schedule:pause',
  targetKind: 'schedule',
  input: z.strictObject({ ...ScheduleTarget, reason: Reason.optional() }),
  risk: 'one',
  reason: 'optional',
  lines: ['process', 'processes'],
  target: targetOf,

  async preview({ environment }, target) {
    const { meant, all, shared, paused } = await scheduleHolders(environment, target)
    return {
      summary: `${target.schedule} will run again when it is due.`,
      action: 'Resume it',
      affected: affectedBy(shared ? all : meant),
      warnings: [...warnUnable(meant, 'schedule.resume'), ...(paused ? [] : ['It is not paused.'])],
      dependents: dependentsOf(all),
    }
  },

  async run({ environment }, { service, schedule }, control) {
    const holders = await scheduleHolders(environment, { service, schedule })
    return sendTo(
      environment,
      holders,
      { verb: 'schedule.resume', args: { schedule }, did: `Resumed ${schedule}` },
      control,
    )
  },

  recover: (context, { schedule }, control) => outcomeFromAnswers(context, control, `Resumed ${schedule}`, schedule),
})
