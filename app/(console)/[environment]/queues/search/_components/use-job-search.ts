'use client'

import { useEffect, useReducer, useRef, useState } from 'react'
import type { FoundJob, SearchEnd, SearchEvent } from '@/lib/console/areas/queues/job-search/events'
import type { Refusal } from '@/lib/console/platform/operation/wire'
import { linesOf } from './lines-of'

export interface JobSearchState {
  status: 'running' | 'ended' | 'stopped' | 'refused'
  jobs: FoundJob[]
  examined: number
  /** Absent until the first report. */
  total?: number
  unsearched: Extract<SearchEvent, { kind: 'unsearched' }>[]
  end?: SearchEnd
  refusal?: Refusal
}

type Change = SearchEvent | { kind: 'begun' } | { kind: 'stopped' } | { kind: 'refused'; refusal: Refusal }

const BEGUN: JobSearchState = { status: 'running', jobs: [], examined: 0, unsearched: [] }

function changed(state: JobSearchState, change: Change): JobSearchState {
  switch (change.kind) {
    case 'begun':
      return BEGUN
    case 'found':
      return { ...state, jobs: [...state.jobs, ...change.jobs] }
    case 'progress':
      return { ...state, examined: change.examined, total: change.total }
    case 'unsearched':
      return { ...state, unsearched: [...state.unsearched, change] }
    case 'end':
      return { ...state, status: 'ended', examined: change.examined, total: change.total, end: change }
    case 'stopped':
      return { ...state, status: 'stopped' }
    case 'refused':
      return { ...state, status: 'refused', refusal: change.refusal }
  }
}

/** The search for this query, as far as it has come; it begins with each new query, and ends with the page. */
export function useJobSearch(environment: string, query: string) {
  const [state, change] = useReducer(changed, BEGUN)
  const [turn, setTurn] = useState(0)
  const running = useRef<AbortController>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: turn is not read here; its change is what repeats the same search
  useEffect(() => {
    if (query === '') return
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    const apply = (next: Change) => signal.aborted || change(next)
    apply({ kind: 'begun' })
    async function search() {
      const response = await fetch(`/api/v1/${environment}/queues/search?${new URLSearchParams({ q: query })}`, {
        signal,
      })
      if (!response.ok || !response.body) {
        const body = (await response.json().catch(() => undefined)) as { error?: Refusal } | undefined
        return apply({ kind: 'refused', refusal: body?.error ?? brokenOff })
      }
      let ended = false
      for await (const line of linesOf(response.body)) {
        const event = JSON.parse(line) as SearchEvent
        ended ||= event.kind === 'end'
        apply(event)
      }
      if (!ended) apply({ kind: 'refused', refusal: brokenOff })
    }
    search().catch(() => apply({ kind: 'refused', refusal: brokenOff }))
    return () => controller.abort()
  }, [environment, query, turn])

  return {
    state,
    stop() {
      running.current?.abort()
      change({ kind: 'stopped' })
    },
    again: () => setTurn(before => before + 1),
  }
}

const brokenOff: Refusal = {
  code: 'unavailable',
  message: 'The search broke off: the console did not go on answering.',
  nextStep: 'Search again; what was found so far is listed.',
}
