import type { Measurement } from '../harness/definition.ts'
import { percentile } from '../harness/statistics.ts'

export const CLIENTS = 50
const ARRIVAL_WAIT_MS = 5_000

/** Moments (ns, monotonic) at which one client received an event. */
export type Heard = bigint[]

/** ms from each of so many events to each client. Rejects when one of them does not arrive. */
export async function timeEvents(clients: Heard[], events: number, cause: () => Promise<string>): Promise<number[]> {
  const taken: number[] = []
  for (let event = 0; event < events; event++) {
    const before = clients.map(heard => heard.length)
    const at = BigInt(await cause())
    const deadline = performance.now() + ARRIVAL_WAIT_MS
    while (clients.some((heard, index) => heard.length === before[index])) {
      if (performance.now() > deadline)
        throw new Error(`an event did not reach every client within ${ARRIVAL_WAIT_MS} ms`)
      await pause(1)
    }
    for (const [index, heard] of clients.entries()) taken.push(Number((heard[before[index] ?? 0] ?? at) - at) / 1e6)
    // At a different moment of the console's own intervals each time.
    await pause(60 + Math.random() * 80)
  }
  return taken
}

export function summary(taken: number[], name = ''): Record<string, number> {
  const figure = (words: string) => (name ? `${name}.${words}` : words)
  return {
    [figure('p50')]: percentile(taken, 50),
    [figure('p99')]: percentile(taken, 99),
    [figure('max')]: Math.max(...taken),
  }
}

export const measurement = (taken: number[], extra: Record<string, number> = {}): Measurement => ({
  value: percentile(taken, 95),
  extra: { ...summary(taken), ...extra },
})

export const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
