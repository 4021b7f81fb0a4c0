import { outages } from '../../platform/part/outages.ts'
import { part } from '../../platform/part/read-part.ts'
import type { TargetProbe } from './port.ts'

export type Answer = Awaited<ReturnType<TargetProbe['ping']>>[number]

/** The latency (ms); undefined where it failed or took longer than a part of a page may. */
export async function measured(ask: () => Promise<number>): Promise<number | undefined> {
  const answer = await part('The server', outages(), ask())
  return answer.status === 'up' ? answer.data : undefined
}
