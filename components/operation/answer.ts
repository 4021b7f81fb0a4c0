import type { Outcome, Refusal, RunStatus } from '@/lib/console/platform/operation/wire'

/** Of a request that reached no answer: before the act, where nothing can have happened. */
export const unreachable: Refusal = {
  code: 'unavailable',
  message: 'The console did not answer.',
  nextStep: 'Nothing was done. Try again in a moment.',
}

/** Of a request to act that reached no answer: whether it was carried out is not known. */
export const unanswered: Refusal = {
  code: 'unavailable',
  message: 'The console did not answer, so the act may or may not have begun.',
  nextStep: 'Look under Running before you try again.',
}

/** A request that breaks on its way becomes a refusal like any other. */
export async function answerOf<T>(asked: Promise<Outcome<T>>, otherwise: Refusal): Promise<Outcome<T>> {
  try {
    return await asked
  } catch {
    return { ok: false, error: otherwise }
  }
}

export function isUnderWay(status: RunStatus) {
  return status === 'queued' || status === 'running'
}
