import type { Question } from '../port.ts'

/** The session that is meant, as it was when it was seen. A pid alone is not enough: Postgres gives them again. */
export interface SignalTarget {
  pid: number
  /** `session` and `transaction` of that Session. */
  session: string
  transaction?: string
}

/**
 * `cancel` ends the statement that runs; `terminate` ends the connection. Answers `sent`; `gone` where no such session is there any
 * more; `changed` where it is in another transaction by now. Rejects without the right.
 */
export type SignalOutcome = 'sent' | 'gone' | 'changed'

/** The check and the signal are one statement, so between them there is no time in which a pid could be given again. */
export function signalQuestion(kind: 'cancel' | 'terminate', target: SignalTarget): Question<SignalOutcome> {
  const { pid, session, transaction = null } = target
  return {
    id: `signal:${kind}:${pid}`,
    freshFor: 0,
    async answer(ask) {
      const [row] = await ask<{ outcome: SignalOutcome }>(
        `select case when not same then 'changed' when pg_${kind}_backend(pid) then 'sent' else 'gone' end as outcome from (
          select pid, (extract(epoch from xact_start) * 1000000)::bigint is not distinct from $3::bigint as same
          from pg_stat_activity where pid = $1::int and (extract(epoch from backend_start) * 1000000)::bigint = $2::bigint
          offset 0) as found`,
        [pid, session, transaction],
      )
      return row?.outcome ?? 'gone'
    },
  }
}
