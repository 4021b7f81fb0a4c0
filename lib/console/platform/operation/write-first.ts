import { RefusalError } from '../refusal.ts'
import type { RunControl } from './define.ts'
import type { RunItem } from './wire.ts'

/** Writes a ledger line before anything is done: recovery after a crash depends on it. Refuses when it cannot be written. */
export async function writeFirst(
  control: RunControl,
  key: string,
  status: RunItem['status'],
  message?: string,
): Promise<void> {
  if (await control.item(key, status, message)) return
  throw new RefusalError({
    code: 'unavailable',
    message: "What is planned could not be written to the console's Postgres. Nothing was done.",
    nextStep: 'Try again when it is back.',
  })
}
