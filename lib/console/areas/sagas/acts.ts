import { z } from 'zod'
import { outcomeFromAnswers } from '../../fleet/collect-answers.ts'
import { affectedBy, dependentsOf, warnUnable } from '../../fleet/holders.ts'
import { sendTo } from '../../fleet/send-command.ts'
import { defineOperation } from '../../platform/operation/define.ts'
import { Reason } from '../../platform/operation/input.ts'
import { RefusalError } from '../../platform/refusal.ts'
import { askForRuns } from './ask.ts'
import type { SagaRunItem } from './saga-item.ts'
import { SagaTarget, sagaHolders, targetOf } from './target.ts'

interface Act {
  verb: 'saga.retry' | 'saga.compensate'
  title: string
  description: string
  permission: 'saga:retry' | 'saga:compensate'
  action: string
  /** Why it does not fit; undefined when it does. */
  refusal(run: SagaRunItem): string | undefined
  /** What will be done, as a sentence, and what is to be known before. */
  effect(run: SagaRunItem): { summary: string; warnings: string[] }
  did(id: string): string
}

/** An operation on one run of a saga: what it has done and would do is asked of its process before. */
export function sagaOperation({ verb, title, description, permission, action, refusal, effect, did }: Act) {
  return defineOperation({
    id: verb,
    title,
    description,
    permission,
    targetKind: 'saga',
    input: z.strictObject({ ...SagaTarget, reason: Reason }),
    risk: 'one',
    reason: 'required',
    lines: ['process', 'processes'],
    target: targetOf,

    async preview({ environment }, { reason: _, ...target }) {
      const { meant, all } = await sagaHolders(environment, target)
      const { runs, unread } = await askForRuns(environment, target, 'saga.find', { id: target.id }).catch(unanswered)
      const run = runs.find(one => one.run.saga === target.saga)?.run
      if (unread > 0) unanswered(new Error('what it answered is not understood'))
      if (!run)
        throw new RefusalError({
          code: 'not_found',
          message: `There is no ${target.saga} with the id ${target.id} any more.`,
          fields: { id: 'none of its processes has it' },
        })
      const refused = refusal(run)
      if (refused) throw new RefusalError({ code: 'conflict', message: refused })
      const { summary, warnings } = effect(run)
      const works = all.some(({ item }) => item.works)
      return {
        summary,
        action,
        affected: affectedBy(meant),
        warnings: [
          ...warnUnable(meant, verb),
          ...warnings,
          ...(works ? [] : ['None of its living processes carries sagas out: it waits until one does.']),
        ],
        dependents: dependentsOf(all),
        undoWords: 'What its steps do is not undone from here.',
      }
    },

    async run({ environment }, { service, saga, id, process, reason }, control) {
      const holders = await sagaHolders(environment, { service, saga, process })
      return sendTo(environment, holders, { verb, args: { saga, id, reason }, did: did(id) }, control)
    },

    recover: (context, { id }, control) => outcomeFromAnswers(context, control, did(id)),
  })
}

function unanswered(error: unknown): never {
  if (error instanceof RefusalError) throw error
  throw new RefusalError({
    code: 'unavailable',
    message: `Its processes could not be asked how it is: ${error instanceof Error ? error.message : String(error)}. Nothing was done.`,
  })
}
