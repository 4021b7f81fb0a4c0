import { type Clock, systemClock } from '../../../../core/clock.ts'
import type { FleetCollector, FleetSnapshot } from '../../../fleet/port.ts'
import type { SamplePoint, SampleSource } from '../../../platform/samples.ts'
import { comparableTexts } from './match.ts'
import type { StatementReader } from './reader.ts'
import { reportedIncreases, type StatementReports, statementReports } from './reported.ts'
import { LONGEST, MOST_KEPT, measuredSeries } from './series.ts'
import { statementTotals } from './totals.ts'

/** As often as the counts of Postgres are read (ms); processes report twice in that time. */
const EVERY_MS = 55_000

/** How long the calls of the statements took on which the services spent most of their time in the last minute, as they measured it. */
export function measuredSource(
  readers: readonly StatementReader[],
  fleet: Pick<FleetCollector, 'read'>,
  clock: Pick<Clock, 'monotonic'> = systemClock,
): SampleSource {
  const before = new Map<string, StatementReports>()
  let readAt = Number.NEGATIVE_INFINITY

  async function points(reader: StatementReader, snapshot: FleetSnapshot, seconds: number): Promise<SamplePoint[]> {
    const { database, server, read, texts, match } = reader
    if (server.place === undefined) return []
    const now = statementReports(snapshot, server.place)
    const increases = reportedIncreases(before.get(database) ?? new Map(), now)
    before.set(database, now)
    if (increases.length === 0 || seconds > LONGEST / 1_000) return []
    const part = await read()
    if (part.status === 'down' || !part.data.available) return []
    const totals = statementTotals(part.data.snapshot).sort((a, b) => b.totalMs - a.totalMs)
    const known = await texts(totals.map(({ query }) => query))
    return [...(await match(increases, comparableTexts(totals, known)))]
      .sort(([, a], [, b]) => b.totalMs - a.totalMs)
      .slice(0, MOST_KEPT)
      .map(([query, { calls, spread }]) => ({
        ...measuredSeries(database, query),
        kind: 'spread',
        value: calls / seconds,
        spread,
      }))
  }

  return {
    name: 'measured-statements',
    async sample() {
      const silence = clock.monotonic() - readAt
      if (silence < EVERY_MS) return []
      const part = await fleet.read(['statements'])
      if (part.status !== 'up') return []
      readAt = clock.monotonic()
      return (await Promise.all(readers.map(reader => points(reader, part.data, silence / 1_000)))).flat()
    },
  }
}
