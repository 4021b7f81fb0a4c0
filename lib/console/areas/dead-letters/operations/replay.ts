import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation, type PreviewDraft } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { holdUps, payloadProblem, reading } from '../../queues/index.ts'
import { EDITED_MOST, edited, Patch } from '../acts/edit.ts'
import { replayRun, UNDO_MS } from '../acts/replay-run.ts'
import { returnJobs } from '../acts/return-jobs.ts'
import { countSelected, type Selected, Selection, select, selectedName } from '../acts/selection.ts'
import { breakerWatch, breakerWords } from '../acts/stop.ts'

/** Payloads that the preview of an edit shows before and after. */
const SHOWN = 3
/** Of the options of one of them, which have its version (bytes). */
const OPTIONS_MOST = 16_384

export const replayDeadLetters = defineOperation({
  id: 'dead-letters.replay',
  title: 'Replay dead letters with a canary',
  description:
    'Runs dead letters again, of one kind or queue or of all: so many a second, a few first, stopping on its own when they fail or when a breaker opens that their workers depend on. Each is replayed once, and its outcome is recorded. Undo returns those that no worker has begun.',
  permission: 'dead-letters:replay',
  targetKind: 'dead letters',
  input: z.strictObject({
    which: Selection,
    rate: z.number().min(0.1).max(1_000).optional().describe('jobs a second; without it as fast as Redis takes them'),
    canary: z
      .number()
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('so many first; the rest only if all of them completed'),
    stopAbove: z
      .number()
      .int()
      .min(0)
      .max(99)
      .optional()
      .describe('stop when more than this share, in per cent, failed again'),
    patch: Patch.optional(),
    reason: Reason.optional(),
  }),
  risk: ({ which }) => (which.by === 'ids' && which.ids.length === 1 ? 'one' : 'many'),
  reason: 'optional',
  durable: true,
  resumable: true,
  lines: ['job', 'jobs'],
  target: ({ which }) => ({ kind: 'dead letters', name: selectedName(which) }),

  async preview({ environment }, { which, rate, canary, patch }): Promise<PreviewDraft> {
    const selected = await select(environment, which)
    const affected = await countSelected(environment, which, selected)
    const words = describeAffected(affected)
    const open = await breakerWatch(environment, new Set(selected.queues.map(({ key }) => key)))()
    const warnings = selected.queues.flatMap(queue => {
      const own = holdUps(queue)
      return selected.queues.length > 1 ? own.map(warning => `${queue.key}: ${warning}`) : own
    })
    if (open) warnings.unshift(`It would stop at once: ${breakerWords(open)}.`)
    const edits = patch ? await editedSamples(environment, selected, patch) : undefined
    return {
      summary: `${words} of ${counted(selected.queues.length, 'queue')} will run again${patch ? ' with the edited payload' : ''}.${pace(affected.count, { rate, canary })}`,
      action: `Replay ${words}`,
      affected,
      warnings: [...warnings.slice(0, 10), ...(edits?.warnings ?? [])],
      ...(edits ? { texts: edits.texts } : {}),
      undo: { windowMs: UNDO_MS },
      undoWords: 'those that no worker has begun become dead letters again, with error and attempts as they were.',
    }
  },

  async run({ environment }, input, control) {
    return replayRun(
      environment,
      await select(environment, input.which, { resumed: control.resumed !== undefined }),
      input,
      control,
    )
  },

  undo: ({ environment }, state, control) => returnJobs(environment, state, control),
})

function pace(count: number, { rate, canary }: { rate?: number | undefined; canary?: number | undefined }): string {
  const first =
    canary === undefined
      ? ''
      : ` First ${counted(Math.min(canary, count), 'job')}; the rest once ${canary === 1 ? 'it has' : 'all of them have'} completed.`
  if (rate === undefined) return first
  const seconds = Math.ceil(count / rate)
  const time = seconds < 120 ? counted(seconds, 'second') : counted(Math.ceil(seconds / 60), 'minute')
  return `${first} At ${rate.toLocaleString('en')} a second that takes about ${time}.`
}

/** A few payloads before and after the edit, and a warning when it does not apply to some. */
async function editedSamples(environment: ConsoleEnvironment, { queues, matches }: Selected, patch: Patch) {
  const texts: { name: string; text: string }[] = []
  const failed: string[] = []
  const unfit: string[] = []
  let examined = 0
  for (const { server, address, key, ids } of queues) {
    if (texts.length >= SHOWN) break
    const wanted =
      ids ??
      (await reading(server, () => server.queues.deadLettersAfter(address, { limit: 50 }))).records
        .filter(matches)
        .map(({ id }) => id)
    const data = await reading(server, () => server.queues.dataOf(address, wanted.slice(0, 50), EDITED_MOST))
    for (const [id, from] of data) {
      const result = edited(from, patch)
      examined++
      if (!result.ok) failed.push(result.why)
      else if (texts.length < SHOWN) {
        texts.push({ name: `${key} ${id}`, text: difference(from, result.text) })
        const job = await reading(server, () => server.queues.job(address, id, { maxBytes: OPTIONS_MOST }))
        const problem = job && (await payloadProblem(environment, key, job, result.text))
        if (problem) unfit.push(`${id}, ${problem}`)
      }
    }
  }
  if (texts.length === 0)
    throw new RefusalError({
      code: 'invalid',
      message: failed[0]
        ? `The edit applies to none of the ${examined} examined: ${failed[0]}.`
        : 'There is no payload to edit.',
      fields: { patch: failed[0] ?? 'applies to no payload' },
    })
  const warnings =
    failed.length > 0 ? [`${failed.length} of ${examined} examined stay dead letters: ${failed[0]}.`] : []
  if (unfit.length > 0)
    warnings.push(`Its worker would not accept ${unfit.length} of the ${texts.length} shown: ${unfit[0]}.`)
  return { texts, warnings }
}

/** Lines that an edit takes away and adds, as a diff shows them, with those that stay. */
function difference(from: string, to: string): string {
  const [before, after] = [from, to].map(text => JSON.stringify(JSON.parse(text), null, 2).split('\n')) as [
    string[],
    string[],
  ]
  const kept = new Set(after)
  const had = new Set(before)
  const gone = before.filter(line => !kept.has(line)).map(line => `- ${line}`)
  const added = after.filter(line => !had.has(line)).map(line => `+ ${line}`)
  return [...gone, ...added].join('\n') || 'no change'
}
