import type { Sql } from 'postgres'
import { connectionCauseOf } from '../../../core/connection-cause.ts'
import { messageOf } from '../../../core/errors.ts'
import type { PostgresAccess } from '../../kv/index.ts'
import type { RunHistory } from '../backend.ts'
import { type RunOutcome, type RunTrigger, SchedulerError } from '../port.ts'

interface Row {
  id: string
  schedule: string
  due: number
  trigger: RunTrigger
  attempt: number
  started: number | null
  ended: number | null
  outcome: RunOutcome | null
  message: string | null
  overran: boolean
  asked_by: string | null
  process: string | null
}

/** The runs of a service, in one table of schema `substation_app`. */
export function postgresRuns(access: PostgresAccess, service: string): RunHistory {
  const run = async <T>(query: (sql: Sql) => PromiseLike<T>): Promise<T> => {
    try {
      return await access.run(query)
    } catch (error) {
      throw historyError(error)
    }
  }
  const time = (sql: Sql, ms: number | undefined) =>
    ms === undefined ? sql`null` : sql`to_timestamp(${ms}::float8 / 1000)`
  return {
    add: one =>
      run(
        sql => sql`
          insert into substation_app.schedule_run
            (service, id, schedule, due_at, trigger, attempt, started_at, ended_at, outcome, message, overran, asked_by, process)
          values (${service}, ${one.id}, ${one.schedule}, ${time(sql, one.dueAt)}, ${one.trigger}, ${one.attempt},
            ${time(sql, one.startedAt)}, ${time(sql, one.endedAt)}, ${one.outcome ?? null}, ${one.message ?? null},
            ${one.overran ?? false}, ${one.by ?? null}, ${one.process ?? null})
          on conflict (service, id) do nothing`,
      ).then(() => undefined),
    end: ({ id, endedAt, outcome, message, overran }) =>
      run(
        sql => sql`
          update substation_app.schedule_run set ended_at = ${time(sql, endedAt)}, outcome = ${outcome ?? null},
            message = ${message ?? null}, overran = ${overran ?? false}
          where service = ${service} and id = ${id} and outcome is null`,
      ).then(() => undefined),
    async list(name, limit) {
      const rows = await run(
        sql => sql<Row[]>`
          select id, schedule, trigger, attempt, outcome, message, overran, asked_by, process,
            (extract(epoch from due_at) * 1000)::float8 as due, (extract(epoch from started_at) * 1000)::float8 as started,
            (extract(epoch from ended_at) * 1000)::float8 as ended
          from substation_app.schedule_run where service = ${service} and schedule = ${name}
          order by due_at desc, id desc limit ${limit}`,
      )
      return rows.map(
        ({ id, schedule, due, trigger, attempt, started, ended, outcome, message, overran, asked_by, process }) => ({
          id,
          schedule,
          dueAt: Math.round(due),
          trigger,
          attempt,
          ...(started === null ? {} : { startedAt: Math.round(started) }),
          ...(ended === null ? {} : { endedAt: Math.round(ended) }),
          ...(outcome === null ? {} : { outcome }),
          ...(message === null ? {} : { message }),
          ...(overran ? { overran } : {}),
          ...(asked_by === null ? {} : { by: asked_by }),
          ...(process === null ? {} : { process }),
        }),
      )
    },
    async remove(before, limit) {
      const removed = await run(
        sql => sql`
          with old as (
            select id from substation_app.schedule_run
            where service = ${service} and due_at < ${time(sql, before)} order by due_at limit ${limit}
          )
          delete from substation_app.schedule_run r using old where r.service = ${service} and r.id = old.id returning 1`,
      )
      return removed.length
    },
    close: () => access.close(),
  }
}

function historyError(error: unknown): SchedulerError {
  const cause = connectionCauseOf(error)
  if (cause)
    return new SchedulerError(`Postgres ${cause.words}`, {
      code: 'SCHEDULER_UNREACHABLE',
      retryable: true,
      nextStep: cause.nextStep,
      cause: error,
    })
  const message = messageOf(error)
  return new SchedulerError(`Postgres refused it: ${message}`, {
    code: 'SCHEDULER_REFUSED',
    cause: error,
    ...(/relation "substation_app\./.test(message)
      ? {
          nextStep: "Run the migrations of libraryMigrations('scheduler') from substation/migrations on this database.",
        }
      : {}),
  })
}
