import type { InvalidationTarget } from '../../../../infrastructure/cache/index.ts'
import { outcomeOf } from '../../../fleet/process-answers.ts'
import { counted } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { PreviewDraft, RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { countWithin } from '../count-within.ts'
import { holdersOfCache } from '../holders.ts'
import { aboutWhere, type Where } from '../where.ts'
import { commandInvalidation, instanceNames } from './command-invalidation.ts'
import { removePaced } from './remove-paced.ts'
import { type Shared, sharedOf } from './shared-of.ts'

/** How long storing a value may take after its factory ended (ms): what was made within this time of the beginning is removed too. */
const STORING_MS = 2_000

export interface Paced {
  cache: string
  where: Where
  perSecond: number
}

/** What a preview says of the pace. */
export function pacedPreview(
  affected: Affected,
  perSecond: number,
): Pick<PreviewDraft, 'undoWords'> & { words: string; takes: string } {
  const seconds = affected.count === undefined ? undefined : Math.ceil(affected.count / perSecond)
  const takes = seconds === undefined ? 'a time that is not known' : `about ${durationWords(seconds)}`
  return {
    takes,
    words: `At most ${counted(perSecond, 'entry', 'entries')} a second are removed, which takes ${takes}, so the origin gets at most ${counted(perSecond, 'lookup')} a second more. Until it ends, entries that are not yet removed are still served.`,
    undoWords: 'not possible, since what is removed is not kept; aborting it leaves the rest as it is',
  }
}

/**
 * Removes entries key by key, then has every process purge and bar what is older than the beginning, and removes what was stored until
 * then. Continues after an interruption from the same beginning.
 */
export async function invalidatePaced(
  environment: ConsoleEnvironment,
  { cache, where, perSecond }: Paced,
  control: RunControl,
): Promise<RunOutcome> {
  const holders = await holdersOfCache(environment, cache)
  const shared = await sharedOf(environment, holders)
  if (!shared) throw unpaceable(cache)
  const { layer } = shared
  const beginning = beginningIn(control.prior) ?? (await begin(shared, control))
  const target = where as InvalidationTarget
  const { signal } = control
  let done = control.resumed?.done ?? 0
  const found = await countWithin(limit => layer.count(target, { signal: limit, sample: 0 }))
  const total = found.count === undefined ? undefined : Math.max(done, done + found.count)
  const remove = () =>
    removePaced(layer, target, {
      ...{ before: beginning.at + STORING_MS, perSecond, signal },
      onRemoved(removed) {
        done += removed
        control.progress({
          done,
          ...(total === undefined ? {} : { total }),
          note: `${removedWords(done)}; the others are still served`,
        })
      },
    })
  try {
    await remove()
    const answers = await commandInvalidation(environment, { cache, where, epoch: beginning.epoch }, holders, control)
    await remove()
    const answered = outcomeOf(`Invalidated ${aboutWhere(where)} of ${cache}`, answers, instanceNames(holders))
    return { ...answered, summary: `${answered.summary} ${capital(removedWords(done))}.`, result: { deleted: done } }
  } catch (error) {
    const rest = 'The others stay and are served: invalidate again to remove them.'
    if (signal.aborted) return { status: 'aborted', summary: `Aborted after ${removedWords(done)}. ${rest}` }
    if (done === 0) throw error
    const why = reasonOf(`Redis ${shared.server}`, error)
    return { status: 'partial', summary: `${capital(removedWords(done))}. Then ${why}. ${rest}` }
  }
}

export const unpaceable = (cache: string) =>
  new RefusalError({
    code: 'invalid',
    message: `${cache} has no entries in Redis that this console can remove one by one: it can only be invalidated at once.`,
    fields: { pace: 'is only possible for a cache of the library in Redis' },
  })

/** A new epoch, of a key that no one has: everything older is from before the beginning. It is in the ledger, for one who continues. */
async function begin({ layer }: Shared, control: RunControl): Promise<{ at: number; epoch: number }> {
  const { stamp } = await layer.invalidate({ by: 'key', key: `paced:${control.runId}` })
  const { time } = await layer.read([])
  const line = `begun ${new Date(time).toISOString()}, epoch ${stamp.epoch}`
  // Without the line a continued run would count fresh entries as old, so it does not begin.
  if (!(await control.item(line, 'done', 'What was made before is removed.')))
    throw new RefusalError({ code: 'unavailable', message: 'The ledger could not be written. Nothing was removed.' })
  return { at: time, epoch: stamp.epoch }
}

function beginningIn(prior: RunControl['prior']): { at: number; epoch: number } | undefined {
  for (const key of prior.keys()) {
    const [, at, epoch] = /^begun (\S+), epoch (\d+)$/.exec(key) ?? []
    if (at !== undefined && epoch !== undefined) return { at: Date.parse(at), epoch: Number(epoch) }
  }
  return undefined
}

const removedWords = (done: number) => `${counted(done, 'entry', 'entries')} removed`
const capital = (words: string) => `${words[0]?.toUpperCase()}${words.slice(1)}`

function durationWords(seconds: number): string {
  if (seconds < 120) return counted(seconds, 'second')
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? counted(minutes, 'minute') : counted(Math.round(minutes / 6) / 10, 'hour')
}
