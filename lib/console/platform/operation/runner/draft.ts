import { part } from '../../part/read-part.ts'
import { RefusalError } from '../../refusal.ts'
import type { PreviewDraft } from '../define.ts'
import { sourceOf } from './attempt.ts'
import type { Admitted } from './gate.ts'
import type { RunnerParts } from './port.ts'

/** What the act would do. Refuses where that is not known: a preview that hangs is not waited for. */
export async function draftOf(
  { store, settings, attention }: Pick<RunnerParts, 'store' | 'settings' | 'attention'>,
  { operation, environment, input }: Admitted,
): Promise<PreviewDraft> {
  const drafted = await part(
    sourceOf(operation, input),
    environment.outages,
    operation
      .preview({ environment, store, settings, attention: () => attention(environment) }, input)
      .catch(passRefusal),
  )
  if (drafted.status === 'up') {
    if (drafted.data instanceof RefusalError) throw drafted.data
    return drafted.data
  }
  throw new RefusalError({
    code: 'unavailable',
    message: `The preview failed: ${drafted.status === 'down' ? drafted.reason : 'no answer'}. Nothing was done.`,
    nextStep: drafted.nextStep,
  })
}

/** A known refusal is an answer: `part` would turn it into an outage. */
function passRefusal(error: unknown): RefusalError {
  if (error instanceof RefusalError) return error
  throw error
}
