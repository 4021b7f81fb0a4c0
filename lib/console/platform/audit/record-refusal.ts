import { newId } from '../../../core/ids.ts'
import { storable } from '../../../core/json.ts'
import type { Logger } from '../../../infrastructure/logging/index.ts'
import type { Actor } from '../access/roles.ts'
import type { Refusal } from '../operation/wire.ts'
import type { Store } from '../store/port.ts'
import { type AuditEntry, recordAudit } from './record.ts'

const REFUSALS_A_MINUTE = 60

interface Refused extends Pick<AuditEntry, 'environment' | 'operation' | 'target'> {
  /** Already without sensitive fields. */
  input?: unknown
}

/** Never rejects: what was refused stays refused when it cannot be recorded. */
export type RecordRefusal = (actor: Actor, refused: Refused, refusal: Refusal) => Promise<void>

/** What is refused leaves a line too, but a caller who is refused a thousand times a minute must not fill the disk. */
export function refusalRecorder(
  { store, logger }: { store: Store; logger: Logger },
  isKnown: (operation: string) => boolean,
): RecordRefusal {
  const counts = new Map<string, { minute: number; count: number }>()
  return async (actor, { environment, operation, target, input }, refusal) => {
    const minute = Math.floor(Date.now() / 60_000)
    // A caller cannot hide a refusal of one verb behind many of another.
    const key = `${actor.id} ${isKnown(operation) ? operation : ''}`
    const seen = counts.get(key)
    const count = seen?.minute === minute ? seen.count + 1 : 1
    counts.set(key, { minute, count })
    if (count > REFUSALS_A_MINUTE) return
    await recordAudit(store.db, {
      run: newId(),
      seq: 0,
      kind: 'refused',
      environment: storable(environment.slice(0, 60)),
      operation: storable(operation.slice(0, 100)),
      ...(target ? { target } : {}),
      actor,
      input,
      outcome: refusal.code,
      message: refusal.message,
    }).catch(error => logger.error('a refusal could not be recorded', { error, operation }))
  }
}
