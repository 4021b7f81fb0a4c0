import { z } from 'zod'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { affectedBy, dependentsOf, warnUnable } from '../../../fleet/holders.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { sendTo } from '../command.ts'
import { ScheduleTarget, scheduleHolders, targetOf } from '../target.ts'

export const restoreSchedule = defineOperation({
  id: 'schedule.restore',
  title: 'Restore when a schedule runs',
  description: 'It runs when its code declares again. What was due in the meantime is not caught up.',
  permission: 'schedule:change',
  targetKind: 'schedule',
  input: z.strictObject({ ...ScheduleTarget, reason: Reason.optional() }),
  risk: 'one',
  reason: 'optional',
  lines: ['process', 'processes'],
  target: targetOf,

  async preview({ environment }, target) {
    const { meant, all, shared, current } = await scheduleHolders(environment, target)
    return {
      summary: `${target.schedule} will run when its code declares.`,
      action: 'Restore it',
      affected: affectedBy(shared ? all : meant),
      warnings: [
        ...warnUnable(meant, 'schedule.restore'),
        ...(current?.changed ? [] : ['It already runs when its code declares.']),
      ],
      dependents: dependentsOf(all),
    }
  },

  async run({ environment }, { service, schedule }, control) {
    const holders = await scheduleHolders(environment, { service, schedule })
    return sendTo(
      environment,
      holders,
      { verb: 'schedule.restore', args: { schedule }, did: `Restored when ${schedule} runs` },
      control,
    )
  },

  recover: (context, { schedule }, control) =>
    outcomeFromAnswers(context, control, `Restored when ${schedule} runs`, schedule),
})
