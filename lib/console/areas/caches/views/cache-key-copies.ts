import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { newId } from '../../../../core/ids.ts'
import { byText } from '../../../../core/text-order.ts'
import { type PeekedCopy, valueDigest } from '../../../../infrastructure/cache/index.ts'
import { REPLIES } from '../../../../infrastructure/fleet/index.ts'
import type { ProcessAnswer } from '../../../fleet/commander.ts'
import { Commands, Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, text } from '../../../platform/view/text-filters.ts'
import { type CacheInstance, cachesOf, isShared } from '../collect.ts'
import { type CopyVerdict, lettersOf, verdictOf } from '../key-copies.ts'
import { Caches } from '../resource.ts'

/** The most processes asked. */
const ASKED = 200
/** A process whose nudge was lost reads the command with its next heartbeat, two seconds later at most. */
const WAIT_MS = 2_500

/** What disagrees first, then what is not known. */
const ORDER: readonly ProcessCopy['says'][] = [
  ...(['older', 'different', 'newer', 'only-here'] as const),
  ...(['silent', 'unable', 'unchecked', 'same', 'absent'] as const),
]

/** Times in ms; a negative one is over. */
interface Copy {
  epoch: number
  ageMs: number
  expiresInMs: number
  bytes: number
  /** The same letter means the same value. */
  letter?: string
}

export interface ProcessCopy {
  process: string
  instance: string
  service: string
  /** `silent`: no answer; `unable`: it cannot be asked, for `reason`. */
  says: CopyVerdict | 'silent' | 'unable'
  reason?: string
  /** Why its memory is not served now; absent: it is. */
  unserved?: string
  copy?: Copy
}

export interface CacheKeyCopiesData {
  /** Absent until cache and key are given. `shared`: the entry in Redis, or that there is none. */
  shared?: Part<{ kept: boolean; copy?: Copy }>
  copies?: Part<{ processes: ProcessCopy[]; total: number }>
}

/** What each process has in memory under one key, beside what Redis has. It asks the processes, so it runs only on request. */
export const cacheKeyCopiesView = defineView({
  id: 'cache-key-copies',
  title: 'Copies of a cached value',
  permission: 'cache:value',
  // After an act it is asked again at once.
  topics: ['caches'],
  filters: z.object({ cache: text(300), key: exact(500) }),
  freshFor: 1_000,
  async read({ environment }, { cache, key }): Promise<CacheKeyCopiesData> {
    if (!cache || !key) return {}
    const salt = randomUUID()
    const fleet = await environment.of(Fleet).read(['caches'], { maxAge: 0 })
    if (fleet.status === 'down') return { copies: fleet }
    const holders = cachesOf(fleet.data).filter(instance => instance.cache === cache)
    const [shared, answers] = await Promise.all([
      part('Redis', environment.outages, sharedCopy(holders)),
      part('The fleet', environment.outages, ask(holders.slice(0, ASKED)), WAIT_MS + 2_000),
    ])
    const known = shared.status === 'down' || !shared.data.kept ? 'unknown' : shared.data.copy
    const replies =
      answers.status === 'down' ? [] : holders.slice(0, ASKED).map(holder => saidBy(holder, answers.data, known))
    const entry = known === 'unknown' ? undefined : known
    const [letter, ...letters] = lettersOf([entry?.digest, ...replies.map(({ peeked }) => peeked?.digest)])
    return {
      shared: mapPart(shared, ({ kept }) => ({ kept, ...(entry ? { copy: shown(entry, letter) } : {}) })),
      copies: mapPart(answers, () => ({
        processes: replies
          .map(({ peeked, ...reply }, at) => ({ ...reply, ...(peeked ? { copy: shown(peeked, letters[at]) } : {}) }))
          .sort((a, b) => ORDER.indexOf(a.says) - ORDER.indexOf(b.says) || byText(a.instance, b.instance)),
        total: holders.length,
      })),
    }

    async function sharedCopy(instances: CacheInstance[]): Promise<{ kept: boolean; copy?: PeekedCopy }> {
      const namespace = instances.find(isShared)?.namespace
      const found = namespace === undefined ? undefined : await environment.of(Caches).find(namespace)
      if (!found) return { kept: false }
      const [entry] = (await found.layer.read([key])).entries
      if (!entry) return { kept: true }
      const { value, tags: _tags, madeInMs: _made, ...rest } = entry
      return { kept: true, copy: { ...rest, digest: valueDigest(value, salt) } }
    }

    async function ask(asked: CacheInstance[]): Promise<Map<string, ProcessAnswer>> {
      const living = asked.filter(({ silent }) => !silent).map(({ process }) => process)
      if (living.length === 0) return new Map()
      const answers = await environment.of(Commands).issue({
        id: newId(),
        verb: 'cache.peek',
        scope: { processes: living },
        args: { cache, key, salt },
        issuedBy: 'the console',
        expected: living,
        waitMs: WAIT_MS,
      })
      return new Map(answers.map(answer => [answer.process, answer]))
    }
  },
})

function saidBy(
  { process, instance, service, layers }: CacheInstance,
  answers: ReadonlyMap<string, ProcessAnswer>,
  shared: PeekedCopy | undefined | 'unknown',
): Omit<ProcessCopy, 'copy'> & { peeked?: PeekedCopy } {
  const who = { process, instance, service }
  const answer = answers.get(process)
  if (!answer || answer.status === 'silent') return { ...who, says: 'silent' }
  const reply = REPLIES['cache.peek'].safeParse(answer.reply)
  if (answer.status !== 'applied' || !reply.success)
    return { ...who, says: 'unable', reason: answer.reason ?? 'its answer was not understood' }
  const { unserved, copy } = reply.data
  return {
    ...who,
    says: verdictOf(copy, layers.includes('l2') ? shared : 'unknown'),
    ...(unserved === undefined ? {} : { unserved }),
    ...(copy ? { peeked: copy } : {}),
  }
}

function shown({ epoch, ageMs, hardMs, bytes }: PeekedCopy, letter: string | undefined): Copy {
  return { epoch, ageMs, expiresInMs: hardMs, bytes, ...(letter === undefined ? {} : { letter }) }
}
