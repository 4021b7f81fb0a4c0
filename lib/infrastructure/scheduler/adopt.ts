import type { ScheduleReport, ScheduleRun } from './port.ts'

/** A task of node-cron 4, as far as it is read. */
interface NodeCronTask {
  getNextRun(): Date | null
  on(event: string, listener: (context: NodeCronContext) => void): unknown
}

interface NodeCronContext {
  date?: Date
  execution?: { id?: string; reason?: string; startedAt?: Date; finishedAt?: Date; error?: Error }
}

/** A job of croner, as far as it is read. */
interface CronerJob {
  nextRun(): Date | null
  previousRun(): Date | null
  getPattern(): string | undefined
}

interface AdoptedOptions {
  name: string
  description?: string
  /** node-cron does not say it. */
  cron?: string
  timeZone?: string
  owner?: string
  runbook?: string
}

/** Schedules that a process keeps in another library: shown in the console, and not operated. */
export interface AdoptedSchedules {
  addNodeCron(task: NodeCronTask, options: AdoptedOptions): void
  addCroner(job: CronerJob, options: AdoptedOptions): void
  reports(): ScheduleReport[]
  readonly revision: number
}

const KEPT = 12

export function adoptSchedules({ service }: { service: string }): AdoptedSchedules {
  const readings: (() => ScheduleReport)[] = []
  let last = ''
  let revision = 0
  const reports = () => readings.map(read => read())
  const base = ({ name, ...options }: AdoptedOptions, adopted: string) => ({
    ...options,
    name,
    service,
    adopted,
    shared: false,
  })
  return {
    addNodeCron(task, options) {
      const runs = observed(task, options.name)
      readings.push(() => ({ ...base(options, 'node-cron'), ...at('nextAt', task.getNextRun()), runs: [...runs] }))
    },
    addCroner(job, options) {
      readings.push(() => {
        const cron = options.cron ?? job.getPattern()
        return {
          ...base(options, 'croner'),
          ...(cron === undefined ? {} : { cron }),
          ...at('nextAt', job.nextRun()),
          ...at('lastAt', job.previousRun()),
          runs: [],
        }
      })
    },
    reports,
    get revision() {
      // Neither library says when its next run changes.
      const now = JSON.stringify(reports())
      if (now !== last) revision++
      last = now
      return revision
    },
  }
}

function at(field: 'nextAt' | 'lastAt', date: Date | null) {
  return date ? { [field]: date.getTime() } : {}
}

/** The runs of a task from now on, the newest first. */
function observed(task: NodeCronTask, schedule: string): ScheduleRun[] {
  const runs: ScheduleRun[] = []
  const note = (outcome?: 'succeeded' | 'failed') => (context: NodeCronContext) => {
    const { id, reason, finishedAt, error, ...execution } = context.execution ?? {}
    const known = runs.findIndex(run => id !== undefined && run.id === `${schedule}-${id}`)
    // The event of the start does not say when that was.
    const startedAt = execution.startedAt?.getTime() ?? runs[known]?.startedAt ?? Date.now()
    const run: ScheduleRun = {
      id: `${schedule}-${id ?? startedAt}`,
      schedule,
      dueAt: context.date?.getTime() ?? startedAt,
      trigger: reason === 'invoked' ? 'manual' : 'schedule',
      attempt: 1,
      startedAt,
      ...(outcome === undefined ? {} : { outcome, endedAt: (finishedAt ?? new Date()).getTime() }),
      ...(error === undefined ? {} : { message: error.message }),
    }
    if (known >= 0) runs[known] = run
    else runs.unshift(run)
    runs.length = Math.min(runs.length, KEPT)
  }
  task.on('execution:started', note())
  task.on('execution:finished', note('succeeded'))
  task.on('execution:failed', note('failed'))
  return runs
}
