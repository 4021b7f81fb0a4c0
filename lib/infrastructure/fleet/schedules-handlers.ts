import type { CommandHandlers } from './port.ts'
import type { CommandArguments } from './protocol/messages.ts'

/** What the fleet needs of the schedules of a process; those of another library are only shown. */
export interface OperableSchedules {
  reports(): readonly { name: string }[]
  runNow?(name: string, options?: { by?: string }): Promise<unknown>
  pause?(name: string, options?: { until?: number; by?: string; reason?: string }): Promise<void>
  resume?(name: string): Promise<void>
  change?(
    name: string,
    when: CommandArguments['schedule.change']['when'],
    options?: { by?: string; reason?: string },
  ): Promise<void>
  restore?(name: string): Promise<void>
  runs?(name: string, options?: { limit?: number }): Promise<readonly object[]>
}

/** The verbs on schedules. */
export function scheduleHandlers(schedulers: readonly OperableSchedules[]): CommandHandlers {
  function find<Act extends Exclude<keyof OperableSchedules, 'reports'>>(name: string, act: Act) {
    const found = schedulers.find(one => one.reports().some(report => report.name === name))
    if (!found) throw new Error(`there is no schedule ${name} in this process`)
    if (!found[act]) throw new Error(`the schedule ${name} belongs to another library`)
    return found as typeof found & Required<Pick<OperableSchedules, Act>>
  }
  return {
    'schedule.run': async ({ schedule }, { issuedBy }) =>
      void (await find(schedule, 'runNow').runNow(schedule, { by: issuedBy })),
    'schedule.pause': ({ schedule, until, reason }, { issuedBy }) =>
      find(schedule, 'pause').pause(schedule, {
        by: issuedBy,
        ...(until === undefined ? {} : { until }),
        ...(reason === undefined ? {} : { reason }),
      }),
    'schedule.resume': ({ schedule }) => find(schedule, 'resume').resume(schedule),
    'schedule.change': ({ schedule, when, reason }, { issuedBy }) =>
      find(schedule, 'change').change(schedule, when, {
        by: issuedBy,
        ...(reason === undefined ? {} : { reason }),
      }),
    'schedule.restore': ({ schedule }) => find(schedule, 'restore').restore(schedule),
    'schedule.runs': async ({ schedule, limit }) => ({
      runs: (await find(schedule, 'runs').runs(schedule, { limit })).map(run => ({ ...run })),
    }),
  }
}
