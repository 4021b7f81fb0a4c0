import { useRef, useState } from 'react'
import { type ask, post } from '@/app/(console)/_frame/ask'
import type { QueryRefused, QueryRows } from '@/lib/console/areas/database/saved-queries/run-query'
import type { QueryRowsData } from '@/lib/console/areas/database/views/query-rows'
import type { Reading } from '@/lib/console/platform/view/read'

export interface QueryRun {
  /** What was asked, as the file of the same rows is asked for it. */
  filters: Record<string, string>
  /** Absent while it is under way. */
  answer?: QueryRows | QueryRefused
}

/** Runs a query when it is told to, and never on its own: each reading is in the audit. */
export function useQueryRun(environment: string) {
  const [run, setRun] = useState<QueryRun>()
  const attempts = useRef(0)
  async function start(filters: Record<string, string>) {
    const attempt = ++attempts.current
    setRun({ filters })
    const outcome = await post<Reading<QueryRowsData>>(`/api/v1/${environment}/views/database-query-rows`, {
      ...filters,
      attempt: `${Date.now()}-${attempt}`,
    })
    if (attempt === attempts.current) setRun({ filters, answer: answerIn(outcome) })
  }
  return { run, start }
}

function answerIn(outcome: Awaited<ReturnType<typeof ask<Reading<QueryRowsData>>>>): QueryRows | QueryRefused {
  if (!outcome.ok) {
    if (outcome.error.code === 'unauthenticated') window.location.reload()
    const { message, nextStep } = outcome.error
    return { kind: 'down', words: message, ...(nextStep === undefined ? {} : { nextStep }) }
  }
  const { data, dropped } = outcome.value
  const [wrong] = dropped
  return (
    data.done?.answer ?? { kind: 'down', words: wrong ? `The ${wrong.filter} ${wrong.problem}.` : 'Nothing was run.' }
  )
}
