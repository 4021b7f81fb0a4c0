import postgres from 'postgres'
import { measured } from '../../lib/infrastructure/database/adapters/measured-sql.ts'
import { poolMeter } from '../../lib/infrastructure/database/adapters/pool-meter.ts'
import { percentile } from '../harness/statistics.ts'

const WARM = 3_000
const ROUNDS = 20_000
const CONNECTIONS = 4

/** What it costs a service that its statements are measured, in % of a trivial select; the two pools take turns, so that both see the same machine. */
export async function measuringCost(url: string): Promise<number> {
  const pool = (isMeasured: boolean) => {
    const raw = postgres(url, { max: CONNECTIONS, onnotice: () => {} })
    const { meter } = poolMeter({ max: CONNECTIONS, heldAfterMs: 60_000, traceHolders: false })
    const { queryAnswered: _unused, ...without } = meter
    return { raw, sql: measured(raw, isMeasured ? meter : without), times: [] as number[] }
  }
  const pools = [pool(true), pool(false)] as const
  for (let round = 0; round < WARM + ROUNDS; round++)
    for (const { sql, times } of round % 2 === 0 ? pools : pools.toReversed()) {
      const began = performance.now()
      await sql`select ${round}::int as number`
      if (round >= WARM) times.push(performance.now() - began)
    }
  await Promise.all(pools.map(({ raw }) => raw.end()))
  const [ours, bare] = pools.map(({ times }) => times) as [number[], number[]]
  const more = ours.map((ms, round) => ms - (bare[round] as number))
  return (percentile(more, 50) / percentile(bare, 50)) * 100
}
