import { onStop } from '../../scripts/start/stop.ts'
import type { Bench, Check, Contender, Measurement, Runs } from './definition.ts'
import { runFresh } from './fresh-process.ts'
import { describeMachine } from './machine.ts'
import { type Spread, spreadOf } from './statistics.ts'

const LEAST_RUNS = 5

export interface Result {
  name: string
  unit: string
  ours: Spread
  peers: Record<string, Spread & { recorded?: string }>
  /** Our median divided by theirs: below 1 ours is smaller. */
  ratios: Record<string, number>
  target: { met: boolean; checks: (Check & { met: boolean })[] }
  extra: Record<string, unknown>
  runs: number
  machine: ReturnType<typeof describeMachine>
}

/** Runs one comparison: a warm-up of each side, then ours and the peers in turn, each run in a fresh process. */
export async function compare(name: string, bench: Bench, say: (words: string) => void): Promise<Result> {
  const machine = describeMachine()
  const ends: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  // Servers in process groups of their own would survive a Ctrl-C.
  onStop().add('bench', close)
  try {
    const prepared = await bench.prepare({ say, closing: end => void ends.push(end) })
    const sides: [string, Contender][] = [['ours', prepared.ours], ...Object.entries(prepared.peers)]
    for (let run = 0; run < (bench.warmUps ?? 1); run++)
      for (const [side, contender] of sides) {
        say(`warming up: ${side}`)
        await runFresh(contender)
      }
    const found = new Map<string, Measurement[]>(sides.map(([side]) => [side, []]))
    const count = Math.max(LEAST_RUNS, bench.runs ?? LEAST_RUNS)
    for (let run = 0; run < count; run++) {
      // Each round begins with another side, so that none always runs after the same one.
      for (let turn = 0; turn < sides.length; turn++) {
        const [side, contender] = sides[(run + turn) % sides.length] as [string, Contender]
        say(`run ${run + 1} of ${count}: ${side}`)
        found.get(side)?.push(await runFresh(contender))
      }
    }
    const { ours = [], ...peers } = Object.fromEntries(found)
    return { ...(await summarise(name, bench, prepared, { ours, peers })), runs: count, machine }
  } finally {
    await close()
  }
}

async function summarise(
  name: string,
  bench: Bench,
  prepared: Awaited<ReturnType<Bench['prepare']>>,
  runs: Runs,
): Promise<Omit<Result, 'runs' | 'machine'>> {
  const spread = (measurements: Measurement[]) => spreadOf(measurements.map(measurement => measurement.value))
  const ours = spread(runs.ours)
  const measured = Object.entries(runs.peers).map(([peer, its]) => [peer, spread(its)] as const)
  const recorded = Object.entries(prepared.recorded ?? {}).map(
    ([peer, { value, from }]) => [peer, { median: value, min: value, max: value, recorded: from }] as const,
  )
  const peers: Result['peers'] = Object.fromEntries([...measured, ...recorded])
  const { checks, extra } = await prepared.conclude(runs)
  const judged = checks.map(check => ({ ...check, met: check.measured <= check.limit }))
  return {
    name,
    unit: bench.unit,
    ours,
    peers,
    ratios: Object.fromEntries(Object.entries(peers).map(([peer, { median }]) => [peer, ours.median / median])),
    target: { met: judged.every(check => check.met), checks: judged },
    extra,
  }
}
