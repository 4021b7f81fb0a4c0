import { expect, vi } from 'vitest'
import type { Console } from '../open.ts'
import type { Actor } from '../platform/access/roles.ts'
import type { Refusal, Run } from '../platform/operation/wire.ts'
import { RefusalError } from '../platform/refusal.ts'

/** The run once it is over; rejects after twenty seconds. */
export async function finishedIn(console: Console, actor: Actor, { environment, id }: Run): Promise<Run> {
  return vi.waitFor(
    async () => {
      const found = await console.runner.find(actor, environment, id)
      expect(found.finishedAt).toBeDefined()
      return found
    },
    { timeout: 20_000, interval: 30 },
  )
}

/** Why an act was refused; rejects when it was not. */
export async function refusalOf(act: Promise<unknown>): Promise<Refusal> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof RefusalError)) throw new Error(`was not refused: ${String(error)}`)
  return error.refusal
}
