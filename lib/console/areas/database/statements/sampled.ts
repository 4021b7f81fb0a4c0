import {
  type StatementSnapshot,
  statementIncreases,
  statementsQuestion,
} from '../../../../infrastructure/insight/index.ts'
import type { SamplePoint, SampleSource } from '../../../platform/samples.ts'
import { postgresService } from '../../../series/names.ts'
import type { PostgresServers } from '../../../servers/postgres/servers.ts'
import { ALL_STATEMENTS, LONGEST, MOST_KEPT, statementSeries } from './series.ts'
import { increasesByQuery } from './totals.ts'

/** What a minute counts an hour later: so that a statement stays kept through a quiet spell. */
const FADES_BY = 0.5 ** (1 / 60)

interface Seen {
  at: number
  snapshot: StatementSnapshot
  /** Time (ms) that each statement took, fading. */
  weights: Map<string, number>
}

/** Figures of the statements that take most of each server's time, once a minute: what they did in that minute, per second. */
export function statementSource(servers: PostgresServers): SampleSource {
  const seen = new Map<string, Seen>()

  function points(database: string, at: number, snapshot: StatementSnapshot): SamplePoint[] {
    const before = seen.get(database)
    if (before?.at === at) return []
    const weights = before?.weights ?? new Map<string, number>()
    seen.set(database, { at, snapshot, weights })
    if (!before || snapshot.at - before.snapshot.at > LONGEST) return []
    const { increases, from, until } = statementIncreases(before.snapshot, snapshot)
    const seconds = (until - from) / 1_000
    const found = increasesByQuery(increases, snapshot)
    const kept = weigh(weights, found)
    const service = postgresService(database)
    const all = [...found.values()]
    const sum = (of: (one: { calls: number; ms: number }) => number) => all.reduce((total, one) => total + of(one), 0)
    return [
      { service, series: ALL_STATEMENTS.calls, value: sum(({ calls }) => calls) / seconds },
      { service, series: ALL_STATEMENTS.seconds, value: sum(({ ms }) => ms) / 1_000 / seconds },
      ...kept.flatMap(query => {
        const { calls, ms, rows } = found.get(query) ?? { calls: 0, ms: 0, rows: 0 }
        return [
          { ...statementSeries(database, query, 'calls'), value: calls / seconds },
          { ...statementSeries(database, query, 'seconds'), value: ms / 1_000 / seconds },
          { ...statementSeries(database, query, 'rows'), value: rows / seconds },
        ]
      }),
    ]
  }

  return {
    name: 'statements',
    async sample() {
      const readings = await Promise.all(
        servers.servers.map(async server => ({ name: server.name, part: await server.read(statementsQuestion) })),
      )
      return readings.flatMap(({ name, part }) =>
        part.status === 'up' && part.data.available ? points(name, part.at, part.data.snapshot) : [],
      )
    },
  }
}

/** Adds a minute and returns the statements that weigh most; what weighs next to nothing is forgotten. */
function weigh(weights: Map<string, number>, found: ReadonlyMap<string, { ms: number }>): string[] {
  for (const [query, weight] of weights) weights.set(query, weight * FADES_BY)
  for (const [query, { ms }] of found) weights.set(query, (weights.get(query) ?? 0) + ms)
  const ordered = [...weights].sort(([, a], [, b]) => b - a)
  for (const [query] of ordered.slice(MOST_KEPT * 5)) weights.delete(query)
  return ordered.slice(0, MOST_KEPT).map(([query]) => query)
}
