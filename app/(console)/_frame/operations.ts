import { runOperation } from '@/app/_server/run-operation'
import type { OperationsClient } from '@/components/operation/operations-client'
import type { Outcome, Preview, Run } from '@/lib/console/platform/operation/wire'
import { ask, post } from './ask'

const WATCH_EVERY = 500

/** The runner as the browser reaches it: the act through the one server action, everything else through route handlers. */
export function operationsClient(environment: string, production: boolean): OperationsClient {
  const base = `/api/v1/${environment}`
  const inner = async <K extends string, T>(key: K, answer: Promise<Outcome<Record<K, T>>>): Promise<Outcome<T>> => {
    const outcome = await answer
    return outcome.ok ? { ok: true, value: outcome.value[key] } : outcome
  }
  return {
    environment,
    production,
    preview: ({ operation, input }) =>
      inner<'preview', Preview>('preview', post(`${base}/operations/${operation}/preview`, { input })),
    async run(request) {
      try {
        return await runOperation(request)
      } catch {
        // After a deploy the action has another name; what was typed is kept by the dialog.
        return {
          ok: false,
          error: {
            code: 'unavailable',
            message: 'The console did not take the act; it may have been updated, or it cannot be reached.',
            nextStep: 'Reload the page and look under Running before you try again.',
          },
        }
      }
    },
    watch(runId, onRun) {
      const aborter = new AbortController()
      const poll = async () => {
        while (!aborter.signal.aborted) {
          const outcome = await inner<'run', Run>(
            'run',
            ask(`${base}/runs/${runId}`, { signal: aborter.signal }).then(answer => answer as Outcome<{ run: Run }>),
          )
          if (aborter.signal.aborted) return
          if (outcome.ok) {
            onRun(outcome.value)
            if (outcome.value.finishedAt !== undefined) return
          }
          await new Promise(resolve => setTimeout(resolve, WATCH_EVERY))
        }
      }
      // Only an abort of our own rejects it.
      poll().catch(() => {})
      return () => aborter.abort()
    },
    abort: runId => inner<'run', Run>('run', post(`${base}/runs/${runId}/abort`, {})),
    undo: runId => inner<'run', Run>('run', post(`${base}/runs/${runId}/undo`, {})),
  }
}
