import { z } from 'zod'
import { outcomeFromAnswers } from '../../fleet/collect-answers.ts'
import { affectedBy, dependentsOf, warnUnable } from '../../fleet/holders.ts'
import { sendTo } from '../../fleet/send-command.ts'
import type { Permission } from '../../platform/access/roles.ts'
import { defineOperation } from '../../platform/operation/define.ts'
import { Reason } from '../../platform/operation/input.ts'
import { ScheduleTarget, scheduleHolders, targetOf } from './target.ts'

interface Ending {
  verb: 'schedule.resume' | 'schedule.restore'
  title: string
  description: string
  permission: Permission
  action: string
  /** The rest of a sentence that begins with the schedule: "will run again when it is due". */
  effect: string
  /** Of a schedule: "Resumed invoices". */
  did(schedule: string): string
  /** What to say when there is nothing to end. */
  idle(holders: Awaited<ReturnType<typeof scheduleHolders>>): string | undefined
}

/** An operation that ends what another one set on a schedule. */
export function endingOperation({ verb, title, description, permission, action, effect, did, idle }: Ending) {
  return defineOperation({
    id: verb,
    title,
    description,
    permission,
    targetKind: 'schedule',
    input: z.strictObject({ ...ScheduleTarget, reason: Reason.optional() }),
    risk: 'one',
    reason: 'optional',
    lines: ['process', 'processes'],
    target: targetOf,

    async preview({ environment }, target) {
      const holders = await scheduleHolders(environment, target)
      const { meant, all, shared } = holders
      const nothing = idle(holders)
      return {
        summary: `${target.schedule} ${effect}.`,
        action,
        affected: affectedBy(shared ? all : meant),
        warnings: [...warnUnable(meant, verb), ...(nothing ? [nothing] : [])],
        dependents: dependentsOf(all),
      }
    },

    async run({ environment }, { service, schedule }, control) {
      const holders = await scheduleHolders(environment, { service, schedule })
      return sendTo(environment, holders, { verb, args: { schedule }, did: did(schedule) }, control)
    },

    recover: (context, { schedule }, control) => outcomeFromAnswers(context, control, did(schedule)),
  })
}
