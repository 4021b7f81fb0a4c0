import type { Measurement } from '../harness/definition.ts'
import type { Ask } from '../harness/program.ts'
import { percentile } from '../harness/statistics.ts'

export interface RefreshInput {
  redisUrl: string
  environment: string
}

interface Readings<Reading> {
  beats(): Promise<Reading>
  details(): Promise<unknown>
  /** Parses everything in a heartbeat, for a reader that parses only on access. */
  look?(reading: Reading): void
}

/** Warms up: in a console that has been running for days, what it does every second is compiled. */
const RUSHES = 100
const BEATS = { warm: 5, counted: 40 }
const DETAILS = { warm: 5, counted: 20 }

/**
 * Times readings one after another, each after a new heartbeat of every process; then those of heartbeats and details together, each
 * after every process has written its breakers as well.
 */
export async function measureRefreshes<Reading>(ask: Ask, readings: Readings<Reading>): Promise<Measurement> {
  const { beats, details, look } = readings
  const refreshes: number[] = []
  const looks: number[] = []
  await repeat({ warm: RUSHES, counted: 0 }, async () => {
    await ask('rush')
    look?.(await beats())
  })
  await repeat(BEATS, async counted => {
    await ask('beat')
    const began = performance.now()
    const reading = await beats()
    const read = performance.now()
    look?.(reading)
    if (!counted) return
    refreshes.push(read - began)
    looks.push(performance.now() - began)
  })
  const withDetails: number[] = []
  await repeat(DETAILS, async counted => {
    await ask('beat and write')
    const began = performance.now()
    await details()
    if (counted) withDetails.push(performance.now() - began)
  })
  return {
    value: percentile(refreshes, 50),
    extra: {
      p95: percentile(refreshes, 95),
      ...(look && { andAllVitalsLookedAt: percentile(looks, 50) }),
      withAllDetails: percentile(withDetails, 50),
    },
  }
}

async function repeat({ warm, counted }: typeof BEATS, turn: (counted: boolean) => Promise<void>): Promise<void> {
  for (let done = 0; done < warm + counted; done++) await turn(done >= warm)
}
