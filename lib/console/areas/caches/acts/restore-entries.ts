import { z } from 'zod'
import type { Invalidation, Keep, Kept } from '../../../../infrastructure/cache/index.ts'
import type { OperationContext, PreviewDraft, RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { Caches } from '../resource.ts'

/** How long undo of an invalidation is offered (ms). Redis keeps removed entries a little longer, because the act itself takes time. */
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

/** Removed entries are kept under the run's id, unless they are too many. */
export const keepUnder = (runId: string): Keep => ({ name: runId, forMs: KEPT_FOR, ...MOST })

/** What a preview says about undo and its cost. `shared`: the cache has entries in Redis. */
export function undoPreview(
  shared: boolean,
  { count, precision }: Affected,
  bytes = 0,
): Pick<PreviewDraft, 'undo' | 'undoWords'> {
  if (!shared) return { undoWords: 'not possible: it is in memory only' }
  if (precision !== 'exact' || count === undefined)
    return { undoWords: `possible if no more than ${MOST_WORDS} are removed` }
  if (count === 0) return { undoWords: 'no entry in Redis would be removed, so there is nothing to restore' }
  if (count > MOST.entries || bytes > MOST.bytes)
    return { undoWords: `not possible: more than ${MOST_WORDS} would be removed, too many to keep` }
  return { undo: { windowMs: UNDO_WINDOW }, undoWords: `Redis keeps ${sizeOf(bytes)} for it` }
}

/** The undo of a finished act, or a sentence that says why there is none. */
export function undoOf(
  cache: string,
  namespace: string,
  { name }: Keep,
  { stamp }: Invalidation,
  kept: Kept,
  { resumed, unfinished }: { resumed: boolean; unfinished: boolean },
): Pick<RunOutcome, 'undo'> & { words: string } {
  if (kept.refused === 'too much') return { words: ` More than ${MOST_WORDS} were removed, so it cannot be undone.` }
  if (kept.refused) return { words: ` It cannot be undone: ${whyRefused(kept.refused.words)}.` }
  if (kept.entries === 0)
    return { words: resumed ? ' What was removed before an interruption cannot be restored.' : '' }
  return { words: '', undo: { state: { cache, namespace, name, since: stamp, unfinished }, windowMs: UNDO_WINDOW } }
}

/** Undoes an invalidation: restores what it removed from Redis, unless that was written or invalidated again since. */
export async function restoreEntries(
  { environment }: OperationContext,
  saved: unknown,
  { signal, resumed }: RunControl,
): Promise<RunOutcome> {
  const { cache, namespace, name, since, unfinished } = State.parse(saved)
  const found = await environment.of(Caches).find(namespace)
  const put = (await found?.layer.restore(name, since, { signal })) ?? 'none'
  if (put === 'none' && resumed)
    return {
      status: 'succeeded',
      summary: `Restored entries of ${cache}; because of an interruption it is not known how many.`,
    }
  if (put === 'none')
    throw new RefusalError({
      code: 'conflict',
      message: `The removed entries of ${cache} are no longer kept: Redis has evicted them or lost its data.`,
    })
  if (put === 'unknown')
    throw new RefusalError({
      code: 'conflict',
      message: `So much of ${cache} has been invalidated since that it is not known what is out of date. Nothing was restored.`,
      nextStep: 'Let the cache fill again from the origin.',
    })
  const { restored, rewritten, covered, expired, left } = put
  const total = restored + rewritten + covered + expired + left
  const others = [
    rewritten === 0 ? '' : `${formatted(rewritten)} written again`,
    covered === 0 ? '' : `${formatted(covered)} invalidated again`,
    expired === 0 ? '' : `${formatted(expired)} expired`,
  ].filter(text => text !== '')
  if (left > 0)
    return {
      status: 'aborted',
      summary: `Aborted after ${formatted(restored)} of ${formatted(total)} entries of ${cache} were restored. The others are still kept: undo again to restore them.`,
    }
  const rest = others.length === 0 ? '' : ` Since then ${others.join(', ')}.`
  const unreached = unfinished
    ? ' Entries that the invalidation had not reached are made again when they are read.'
    : ''
  return {
    status: restored + rewritten === total ? 'succeeded' : restored + rewritten === 0 ? 'failed' : 'partial',
    summary: `Restored ${formatted(restored)} of ${formatted(total)} ${total === 1 ? 'entry' : 'entries'} of ${cache}.${rest}${unreached}`,
    result: { restored, rewritten, covered, expired },
  }
}

function whyRefused(words: string): string {
  if (words.includes('OOM')) return 'that Redis is full, so nothing was kept'
  if (/NOPERM|can't run/.test(words)) return 'to keep removed entries, the account of that Redis needs RENAME and ZADD'
  return `that Redis did not keep the removed entries (${words.slice(0, 200)})`
}

const formatted = (count: number) => count.toLocaleString('en')
const sizeOf = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
