import { z } from 'zod'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { affectedBy, dependentsOf, warnUnable } from '../../../fleet/holders.ts'
import { sendTo } from '../../../fleet/send-command.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { ScheduleTarget, scheduleHolders, targetOf } from '../target.ts'

export const runSchedule = defineOperation({
  id: 'schedule.run',
  title: 'Run a schedule now',
  description: 'Runs it once, in one of its processes, also while it is paused. When it is due next stays as it is.',
  permission: 'schedule:run',
  targetKind: 'schedule',
  input: z.strictObject({ ...ScheduleTarget, reason: Reason.optional() }),
  risk: 'one',
  reason: 'optional',
  lines: ['process', 'processes'],
  target: targetOf,

  async preview({ environment }, input) {
    const { meant, all } = await scheduleHolders(environment, input)
    const going = all.flatMap(({ item }) => item.runs).some(run => run.startedAt && !run.outcome)
    return {
      summary: `${input.schedule} will run once, in one of the processes of ${input.service}.`,
      action: 'Run it now',
      affected: affectedBy(meant.slice(0, 1)),
      warnings: [
        ...warnUnable(meant, 'schedule.run'),
        ...(going ? ['A run of it goes on: unless its runs may overlap, this one is skipped.'] : []),
      ],
      dependents: dependentsOf(meant),
      undoWords: 'What a run does is not undone.',
    }
  },

  async run({ environment }, { service, schedule }, control) {
    const { meant } = await scheduleHolders(environment, { service, schedule })
    const one = { meant: meant.slice(0, 1) }
    return sendTo(environment, one, { verb: 'schedule.run', args: { schedule }, did: `Began ${schedule}` }, control)
  },

  recover: (context, { schedule }, control) => outcomeFromAnswers(context, control, `Began ${schedule}`),
})
