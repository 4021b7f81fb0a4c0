import { counted } from '../../../platform/counted.ts'
import type { RunControl } from '../../../platform/operation/define.ts'
import type { RunItem } from '../../../platform/operation/wire.ts'
import { redactedText } from '../../../platform/redact.ts'
import { queueTitle } from '../../queues/index.ts'
import type { Fate } from './fates.ts'
import type { RefusedJob, SelectedJob } from './selected-jobs.ts'

/** Replayed jobs with a line each in the ledger; of more, only those that failed again or stayed have one. */
const DETAILED = 2_000
/** Lines for jobs that stayed as they were, and errors named in the summary. */
const MOST_REFUSED = 1_000

/** Field of the ledger: the job within its queue. */
export const lineOf = ({ queue, id }: SelectedJob) => `${queueTitle(queue.key)} ${id}`.slice(0, 300)

/** What a replay did so far: its ledger, its counts, and both in words. */
export function replayRecord(control: RunControl) {
  const counts = { moved: 0, completed: 0, failed: 0, gone: 0, movedOn: 0, refused: 0 }
  let lines = 0
  let firstError: string | undefined
  const line = async (job: SelectedJob, status: RunItem['status'], message?: string) => {
    await control.item(lineOf(job), status, message)
  }
  const record = {
    counts,
    get firstError() {
      return firstError
    },
    /** Settled jobs, of which it is known whether they failed. */
    settled: () => counts.completed + counts.failed + counts.gone + counts.movedOn,
    async moved(jobs: readonly SelectedJob[]) {
      counts.moved += jobs.length
      for (const job of jobs) if (lines++ < DETAILED) await line(job, 'pending', 'replayed, still waiting')
    },
    async refused(jobs: readonly RefusedJob[]) {
      for (const job of jobs) if (++counts.refused <= MOST_REFUSED) await line(job, 'refused', job.reason)
    },
    async fates(fates: readonly Fate[]) {
      for (const fate of fates) {
        const { state, error } = fate
        if (state === 'completed') counts.completed++
        else if (state === 'failed') counts.failed++
        else if (state === 'gone') counts.gone++
        else counts.movedOn++
        if (state === 'failed') {
          const why =
            redactedText(error ?? '')
              .split('\n')[0]
              ?.slice(0, 200) || 'no message'
          firstError ??= why
          await line(fate, 'failed', `failed again: ${why}`)
        } else if (counts.moved <= DETAILED) await line(fate, 'done', WORDS[state])
      }
    },
    words(waiting: number): string {
      const parts = [
        counts.completed > 0 ? `${counts.completed.toLocaleString('en')} completed` : '',
        counts.failed > 0 ? `${counts.failed.toLocaleString('en')} failed again` : '',
        waiting > 0 ? `${waiting.toLocaleString('en')} still waiting` : '',
        counts.gone > 0 ? `${counts.gone.toLocaleString('en')} gone, with no event that tells their outcome` : '',
        counts.movedOn > 0 ? `${counts.movedOn.toLocaleString('en')} changed by someone else since` : '',
      ].filter(Boolean)
      const stayed =
        counts.refused > 0
          ? ` ${counted(counts.refused, 'job stays as it was', 'jobs stay as they were')}, each with its reason.`
          : ''
      const fates = parts.length > 0 ? `: ${parts.join(', ')}` : ''
      return `Replayed ${counted(counts.moved, 'dead letter')}${fates}.${stayed}`
    },
  }
  return record
}

const WORDS = {
  completed: 'completed',
  gone: 'gone: its outcome is not known',
  'moved-on': 'changed by someone else since',
}
