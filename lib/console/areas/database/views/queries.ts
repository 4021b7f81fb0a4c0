import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { exact, search } from '../../../platform/view/text-filters.ts'
import { Hours } from '../../../series/hours.ts'
import { Statements } from '../statements/registry.ts'
import { type QueryRow, type QueryRows, readRows } from '../statements/rows.ts'

const LIMIT = 100
const SORTS = ['load', 'calls', 'mean', 'p95', 'rows', 'max', 'total', 'change'] as const
const STATES = ['all', 'slower', 'disk'] as const
type State = (typeof STATES)[number]

export interface QueriesData {
  /** Absent when no database of that name is declared. */
  queries?: Part<
    Omit<QueryRows, 'rows'> & {
      rows: QueryRow[]
      total: number
      counts: Partial<Record<State, number>> & { all: number }
      services: string[]
    }
  >
}

/** The statements of one database over the last hours: calls, time, rows, and how that compares. */
export const queriesView = defineView({
  id: 'database-queries',
  title: 'Queries of a database',
  permission: 'database:read',
  topics: ['database', 'series'],
  filters: z.object({
    name: exact(300),
    q: search,
    hours: Hours,
    service: exact(300),
    state: z.enum(STATES).default('all'),
    sort: z.enum(SORTS).default('load'),
    dir: Direction,
  }),
  freshFor: 10_000,
  async read({ environment }, { name, q, hours, service, state, sort, dir }): Promise<QueriesData> {
    const reader = environment.of(Statements).find(name)
    if (!reader) return {}
    const part = await readRows(environment, reader, hours)
    return {
      queries: mapPart(part, ({ rows, ...rest }) => {
        const words = q.toLowerCase()
        const found = rows.filter(
          row =>
            (words === '' || (row.text ?? row.query).toLowerCase().includes(words)) &&
            (service === '' || row.origin?.service === service),
        )
        const matching = found.filter(STATE[state])
        const turn = turnOf(dir, 'desc')
        return {
          ...rest,
          rows: matching
            .sort((a, b) => compare(ORDER[sort](a), ORDER[sort](b), turn) || b.totalMs - a.totalMs)
            .slice(0, LIMIT),
          total: matching.length,
          counts: {
            all: found.length,
            ...(rest.historyMissing === undefined ? { slower: found.filter(STATE.slower).length } : {}),
            disk: found.filter(STATE.disk).length,
          },
          services: [...new Set(rows.flatMap(row => row.origin?.service ?? []))].sort(byText),
        }
      }),
    }
  },
})

const STATE: Record<State, (row: QueryRow) => boolean> = {
  all: () => true,
  slower: ({ slower }) => slower,
  disk: ({ tempBlocks }) => tempBlocks > 0,
}

const ORDER: Record<(typeof SORTS)[number], (row: QueryRow) => number | undefined> = {
  load: row => row.now?.load,
  calls: row => row.now?.calls,
  mean: row => row.now?.meanMs,
  p95: row => row.measured?.p95,
  rows: row => (row.now && row.now.calls > 0 ? row.now.rows / row.now.calls : undefined),
  max: row => row.maxMs,
  total: row => row.totalMs,
  change: row => (row.now && row.yesterday ? row.now.meanMs / row.yesterday.meanMs : undefined),
}

/** Unknown comes last in both directions. */
function compare(a: number | undefined, b: number | undefined, turn: 1 | -1): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return turn * (b - a)
}
