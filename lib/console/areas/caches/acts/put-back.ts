import { z } from 'zod'
import type { Invalidation, Keep, Kept } from '../../../../infrastructure/cache/index.ts'
import type { OperationContext, PreviewDraft, RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { Caches } from '../resource.ts'

/** How long an invalidation is offered to be undone (ms). Redis keeps what went a little longer: the act itself takes a while. */
const UNDO_WINDOW = 15 * 60_000
const KEPT_FOR = UNDO_WINDOW + 5 * 60_000
const MOST = { entries: 10_000, bytes: 32_000_000 }
const MOST_WORDS = `${MOST.entries.toLocaleString('en')} entries or ${MOST.bytes / 1_000_000} MB`

const State = z.object({
  cache: z.string(),
  namespace: z.string(),
  name: z.string(),
  since: z.object({ generation: z.string(), epoch: z.number() }),
  unfinished: z.boolean().optional(),
})

/** What is put aside under a run, unless it is too much. */
export const keepUnder = (runId: string): Keep => ({ name: runId, forMs: KEPT_FOR, ...MOST })

/** What a preview says about undoing and what that costs. `shared`: it has entries in Redis. */
export function undoForeseen(
  shared: boolean,
  { count, precision }: Affected,
  bytes = 0,
): Pick<PreviewDraft, 'undo' | 'undoWords'> {
  if (!shared) return { undoWords: 'not possible: it is in memory only' }
  if (precision !== 'exact' || count === undefined)
    return { undoWords: `possible if no more than ${MOST_WORDS} are removed` }
  if (count === 0) return { undoWords: 'nothing in Redis goes that could be put back' }
  if (count > MOST.entries || bytes > MOST.bytes)
    return { undoWords: `not possible: more than ${MOST_WORDS} would be removed, too many to keep` }
  return { undo: { windowMs: UNDO_WINDOW }, undoWords: `Redis keeps ${sizeOf(bytes)} for that` }
}

/** The undo of an act that has been done, or a sentence that says why there is none. */
export function undoOf(
  cache: string,
  namespace: string,
  { name }: Keep,
  { stamp }: Invalidation,
  kept: Kept,
  { resumed, unfinished }: { resumed: boolean; unfinished: boolean },
): Pick<RunOutcome, 'undo'> & { words: string } {
  if (kept.refused === 'too much') return { words: ` More than ${MOST_WORDS} went, so it cannot be undone.` }
  if (kept.refused) return { words: ` It cannot be undone: ${whyRefused(kept.refused.words)}.` }
  if (kept.entries === 0) return { words: resumed ? ' What went before an interruption cannot be put back.' : '' }
  return { words: '', undo: { state: { cache, namespace, name, since: stamp, unfinished }, windowMs: UNDO_WINDOW } }
}

/** Undoes an invalidation: what it took out of Redis is put back, unless it was written anew or invalidated again since. */
export async function putBackEntries(
  { environment }: OperationContext,
  saved: unknown,
  { signal, resumed }: RunControl,
): Promise<RunOutcome> {
  const { cache, namespace, name, since, unfinished } = State.parse(saved)
  const found = await environment.of(Caches).find(namespace)
  const put = (await found?.layer.restore(name, since, { signal })) ?? 'none'
  if (put === 'none' && resumed)
    return { status: 'succeeded', summary: `Put back entries of ${cache}; how many, an interruption has hidden.` }
  if (put === 'none')
    throw new RefusalError({
      code: 'conflict',
      message: `What went from ${cache} is no longer kept: Redis has pushed it out or has lost its data.`,
    })
  if (put === 'unknown')
    throw new RefusalError({
      code: 'conflict',
      message: `So much of ${cache} has been invalidated since that it cannot be told what is out of date. Nothing was put back.`,
      nextStep: 'Let it fill again from the origin.',
    })
  const { restored: back, rewritten: anew, covered, expired: gone, left } = put
  const total = back + anew + covered + gone + left
  const others = [
    anew === 0 ? '' : `${told(anew)} written anew`,
    covered === 0 ? '' : `${told(covered)} invalidated again`,
    gone === 0 ? '' : `${told(gone)} expired`,
  ].filter(text => text !== '')
  if (left > 0)
    return {
      status: 'aborted',
      summary: `Aborted after ${told(back)} of ${told(total)} entries of ${cache} were put back. The others are still kept: undo it again for them.`,
    }
  const rest = others.length === 0 ? '' : ` Since then ${others.join(', ')}.`
  const unreached = unfinished ? ' What it had not reached is made anew.' : ''
  return {
    status: back + anew === total ? 'succeeded' : back + anew === 0 ? 'failed' : 'partial',
    summary: `Put back ${told(back)} of ${told(total)} ${total === 1 ? 'entry' : 'entries'} of ${cache}.${rest}${unreached}`,
    result: { back, anew, covered, gone },
  }
}

function whyRefused(words: string): string {
  if (words.includes('OOM')) return 'that Redis is full, so nothing was kept'
  if (/NOPERM|can't run/.test(words)) return 'to keep what goes, the account of that Redis needs RENAME and ZADD'
  return `that Redis did not keep what went (${words.slice(0, 200)})`
}

const told = (count: number) => count.toLocaleString('en')
const sizeOf = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
