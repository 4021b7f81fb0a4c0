import { z } from 'zod'
import { messageOf } from '../../../../core/errors.ts'
import { loadTimings, type Timing } from '../../../../infrastructure/scheduler/index.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { affectedBy, dependentsOf, warnUnable } from '../../../fleet/holders.ts'
import { sendTo } from '../../../fleet/send-command.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { nextDue } from '../row.ts'
import { ScheduleTarget, scheduleHolders, targetOf } from '../target.ts'
import { type TimingFields, timingOf, timingWords } from '../timing.ts'

const UNDO_FOR = 600_000
const AHEAD = 3
const When = z.union([
  z.strictObject({
    cron: z.string().trim().min(1).max(300),
    timeZone: z.string().trim().min(1).max(100).default('UTC'),
  }),
  z.strictObject({ everyMs: z.number().int().min(1_000).max(31_536_000_000) }),
])
const Former = z.object({ ...ScheduleTarget, former: When.optional() })

export const changeSchedule = defineOperation({
  id: 'schedule.change',
  title: 'Change when a schedule runs',
  description:
    'Another timing than its code declares, in force for all its processes until it is restored or the code declares another one. What was due by the old one is not caught up.',
  permission: 'schedule:change',
  targetKind: 'schedule',
  input: z.strictObject({ ...ScheduleTarget, when: When, reason: Reason }),
  risk: 'one',
  reason: 'required',
  lines: ['process', 'processes'],
  target: targetOf,

  async preview({ environment }, { when, ...target }) {
    const { meant, shared, all, current } = await scheduleHolders(environment, target)
    const upcoming = await upcomingOf(when)
    const declared = current?.changed?.declared ?? current ?? {}
    return {
      summary: `${target.schedule} will run ${wordsOf(when)}. Next: ${upcoming.join('; ')}.`,
      action: 'Change it',
      affected: affectedBy(shared ? all : meant),
      warnings: [
        ...warnUnable(meant, 'schedule.change'),
        ...(wordsOf(declared) === wordsOf(when) ? ['That is what its code declares: this restores it.'] : []),
        ...(shared
          ? []
          : ['Its processes do not share their schedules: one that is started later runs it as declared.']),
      ],
      dependents: dependentsOf(all),
      undo: { windowMs: UNDO_FOR },
    }
  },

  async run({ environment }, { service, schedule, when, reason }, control) {
    await upcomingOf(when)
    const holders = await scheduleHolders(environment, { service, schedule })
    const former = holders.current?.changed ? When.safeParse(timingOf(holders.current)).data : undefined
    const outcome = await sendTo(
      environment,
      holders,
      { verb: 'schedule.change', args: { schedule, when, reason }, did: `Changed when ${schedule} runs` },
      control,
    )
    return { ...outcome, undo: { state: { service, schedule, ...(former ? { former } : {}) }, windowMs: UNDO_FOR } }
  },

  recover: (context, { schedule }, control) => outcomeFromAnswers(context, control, `Changed when ${schedule} runs`),

  overtakenBy: (_input, { operation }) => operation === 'schedule.restore' || operation === 'schedule.change',

  async undo({ environment }, state, control) {
    const { former, ...target } = Former.parse(state)
    const { schedule } = target
    const holders = await scheduleHolders(environment, target)
    return former
      ? sendTo(
          environment,
          holders,
          { verb: 'schedule.change', args: { schedule, when: former }, did: `Changed ${schedule} back` },
          control,
        )
      : sendTo(
          environment,
          holders,
          { verb: 'schedule.restore', args: { schedule }, did: `Restored when ${schedule} runs` },
          control,
        )
  },

  recoverUndo: (context, state, control) =>
    outcomeFromAnswers(context, control, `Undid the change of ${Former.parse(state).schedule}`),
})

/** The next times at which it is due, in its time zone. Refuses what is no timing, and what is never due. */
async function upcomingOf(when: z.infer<typeof When>): Promise<string[]> {
  const timings = await loadTimings()
  const timeZone = 'cron' in when ? when.timeZone : 'UTC'
  if ('cron' in when) {
    try {
      timings.checkCron(when)
    } catch (error) {
      throw new RefusalError({
        code: 'invalid',
        message: messageOf(error),
        fields: { when: 'is no cron expression, or not in a known time zone' },
      })
    }
  }
  const due: number[] = []
  const now = Date.now()
  for (let at = nextDue(timings, when, now, now); at !== undefined && due.length < AHEAD; )
    at = nextDue(timings, when, due[due.push(at) - 1] ?? at, now)
  if (due.length === 0)
    throw new RefusalError({
      code: 'invalid',
      message: `${wordsOf(when)} is never due.`,
      fields: { when: 'is never due' },
    })
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' })
  return due.map(at => format.format(at))
}

/** `at 02:30 (30 2 * * * in Europe/Berlin)`, `every 5 minutes`. */
function wordsOf(timing: TimingFields | Timing): string {
  const fields: TimingFields = timing
  const words = timingWords(fields) ?? fields.cron ?? 'at a time that is not known'
  const sentence = words[0]?.toLowerCase() + words.slice(1)
  return fields.cron === undefined ? sentence : `${sentence} (${fields.cron} in ${fields.timeZone ?? 'UTC'})`
}
