import { outages } from '../../platform/part/outages.ts'
import { part } from '../../platform/part/read-part.ts'
import type { TargetProbe } from './port.ts'

export type Answer = Awaited<ReturnType<TargetProbe['ping']>>[number]

/** How long it took (ms); nothing where it failed or took longer than a part of a page may. */
export async function timed(ask: () => PromiseLike<unknown>): Promise<number | undefined> {
  const began = performance.now()
  const answer = await part('The server', outages(), Promise.resolve(ask()))
  return answer.status === 'up' ? performance.now() - began : undefined
}
