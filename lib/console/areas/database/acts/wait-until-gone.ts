import { setTimeout as pause } from 'node:timers/promises'
import type { Session } from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { isStill, type SessionInput } from './session.ts'

const EVERY = 100
const LOOKS = 30

/** A signal takes effect where the session next allows it, usually at once. False: not within three seconds. */
export async function waitUntilGone(
  environment: ConsoleEnvironment,
  input: SessionInput,
  holds?: (session: Session) => boolean,
): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    if ((await isStill(environment, input, holds)) === false) return true
    await pause(EVERY)
  }
  return false
}
