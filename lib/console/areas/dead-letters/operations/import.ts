import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason, sensitive } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFields, retrying, sampleLine, targetOf } from '../../queues/index.ts'
import { readLines } from '../acts/import-lines.ts'
import { REDIS_WAIT_MS } from '../acts/selected-jobs.ts'

/** Jobs added at a time. */
const PIECE = 100

export const importDeadLetters = defineOperation({
  id: 'dead-letters.import',
  title: 'Import dead letters',
  description:
    'Adds the dead letters of an exported file to a queue, with id, data, error and attempts as they were. A job whose id the queue has already stays as it is.',
  permission: 'dead-letters:import',
  targetKind: 'dead letters',
  input: z.strictObject({
    ...queueFields,
    lines: sensitive(
      z.string().min(1).max(900_000).describe('a dead letter as JSON on each line, as the export writes them'),
    ),
    reason: Reason.optional(),
  }),
  risk: 'many',
  reason: 'optional',
  durable: true,
  resumable: true,
  lines: ['job', 'jobs'],
  target: ({ queue }) => ({ kind: 'dead letters', name: queue }),

  async preview({ environment }, input) {
    const jobs = jobsOf(input.lines)
    await targetOf(environment, input)
    const words = counted(jobs.length, 'dead letter')
    return {
      summary: `${words} will be added to the dead letters of ${input.queue}. No worker begins them until they are replayed.`,
      action: `Import ${words}`,
      affected: {
        count: jobs.length,
        precision: 'exact',
        noun: jobs.length === 1 ? 'dead letter' : 'dead letters',
        sample: jobs
          .slice(0, 10)
          .map(({ id, fields }) => sampleLine({ id, name: fields.name ?? '', error: fields.failedReason ?? '' })),
      },
      undoWords: 'To take it back, discard them.',
    }
  },

  async run({ environment }, input, { runId, signal, item, progress }) {
    const jobs = jobsOf(input.lines)
    const { server, address } = await targetOf(environment, input)
    let stayed = 0
    let done = 0
    for (let at = 0; at < jobs.length && !signal.aborted; at += PIECE) {
      const some = jobs.slice(at, at + PIECE)
      const step = await retrying(() => server.acts.importDeadLetters(address, runId, some), signal, REDIS_WAIT_MS)
      const refused = new Map(step.refused.map(({ id, reason }) => [id, reason]))
      for (const { id } of some) {
        const reason = refused.get(id)
        if (reason !== undefined) stayed++
        await item(id.slice(0, 300), reason === undefined ? 'done' : 'refused', reason)
      }
      done += some.length - refused.size
      progress({ done, total: jobs.length })
    }
    void server.read({ maxAge: 0 })
    const rest = stayed > 0 ? ` ${counted(stayed, 'was', 'were')} refused, each with its reason.` : ''
    const summary = `${signal.aborted ? 'Aborted. ' : ''}Imported ${counted(done, 'dead letter')} into ${input.queue}.${rest}`
    return {
      status: signal.aborted ? 'aborted' : stayed === 0 ? 'succeeded' : done > 0 ? 'partial' : 'failed',
      summary,
    }
  },
})

function jobsOf(text: string) {
  const read = readLines(text)
  if (read.ok) return read.jobs
  throw new RefusalError({
    code: 'invalid',
    message: `Line ${read.line} ${read.problem}. Nothing was imported.`,
    fields: { lines: `line ${read.line} ${read.problem}` },
  })
}
