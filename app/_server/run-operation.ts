'use server'

import { headers } from 'next/headers'
import { requireActor } from '@/lib/console/platform/access/require-actor'
import type { Outcome, Run, RunRequest } from '@/lib/console/platform/operation/wire'
import { RefusalError } from '@/lib/console/platform/refusal'
import { newId } from '@/lib/core/ids'
import { running } from './boot'

/** The one server action: everything that is done from a page is done through it. */
export async function runOperation(request: RunRequest): Promise<Outcome<Run>> {
  const { console, sessions, metrics, logger } = await running()
  // An action's argument is whatever the sender made of it; the runner checks the rest.
  const { environment, operation, input, token, typedName } = (request ?? {}) as RunRequest
  try {
    const actor = requireActor(await sessions.visitor(await headers(), 'console'), { acts: true })
    const run = await console.runner.run(actor, {
      environment: String(environment),
      operation: String(operation),
      input,
      token: token === undefined ? undefined : String(token),
      typedName: typedName === undefined ? undefined : String(typedName),
    })
    metrics.operations.inc(1, { operation: run.operation, outcome: run.status })
    return { ok: true, value: run }
  } catch (error) {
    if (error instanceof RefusalError) {
      metrics.operations.inc(1, { operation: 'refused', outcome: error.refusal.code })
      return { ok: false, error: error.refusal }
    }
    const errorId = newId()
    logger.error('an operation could not be started', { error, errorId })
    return {
      ok: false,
      error: {
        code: 'internal',
        message: 'Something went wrong that Substation did not expect.',
        nextStep: `It is in the console's log under ${errorId}.`,
        errorId,
      },
    }
  }
}
