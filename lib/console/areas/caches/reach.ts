import { limits } from '../../../infrastructure/fleet/index.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { RefusalError } from '../../platform/refusal.ts'
import { Queues } from '../queues/index.ts'
import { cachesOf } from './collect.ts'
import { Caches } from './resource.ts'

/** The least number of literal characters at the beginning of a pattern. */
const LITERAL_AT_LEAST = 2

/** The part of a glob before its first wildcard. */
export function literalHead(pattern: string): string {
  const head = /^(?:[^\\*?[]|\\.)*/su.exec(pattern)?.[0] ?? ''
  return head.replace(/\\(.)/gsu, '$1')
}

/** Refuses a pattern that is too wide, or that reaches keys with their own acts: queues, caches, the fleet. */
export async function refuseOutOfReach(
  environment: ConsoleEnvironment,
  server: string,
  pattern: string,
): Promise<void> {
  const head = literalHead(pattern)
  const refuse = (problem: string, nextStep: string) => {
    throw new RefusalError({
      code: 'invalid',
      message: `The pattern ${problem}.`,
      fields: { pattern: problem },
      nextStep,
    })
  }
  if (head.length < LITERAL_AT_LEAST)
    refuse('must begin with at least two characters that are not wildcards', 'Begin it with the prefix of the keys.')
  const reaches = (prefix: string) => head.startsWith(prefix) || prefix.startsWith(head)
  const known = environment.of(Caches).servers.find(candidate => candidate.name === server)
  for (const prefix of known?.prefixes ?? ['bull'])
    if (reaches(`${prefix}:`)) refuse(`reaches the queues under ${prefix}:`, 'Act on jobs on the queues page.')
  if (reaches(limits.KEY_PREFIX)) refuse('reaches the keys of the fleet', 'Choose a longer prefix.')
  // A queue is out of reach here, whatever its prefix.
  const reading = environment.of(Queues).server(server)?.peek()
  const { queues = [], search } = reading && reading.status !== 'down' ? reading.data : {}
  for (const { key } of queues)
    if (reaches(`${key}:`)) refuse(`reaches the queue ${key}`, 'Act on jobs on the queues page.')
  for (const { prefix } of search?.elsewhere ?? [])
    if (reaches(`${prefix}:`)) refuse(`reaches the queues under ${prefix}:`, 'Declare that prefix to act on them.')
  const fleet = await environment.of(Fleet).read(['caches'])
  if (fleet.status === 'down')
    throw new RefusalError({
      code: 'unavailable',
      message: `${fleet.reason}, so it is not known whether the pattern reaches a cache. Nothing was done.`,
      nextStep: fleet.nextStep,
    })
  for (const { cache, namespace } of cachesOf(fleet.data))
    if (reaches(`{${namespace}}:`))
      refuse(
        `reaches the cache ${cache}`,
        'Invalidate that cache instead: that reaches the memory of its processes too.',
      )
}
