import { limits } from '../../infrastructure/fleet/index.ts'
import { type FleetProcess, PROCESS_BACK, PROCESS_LOST, type ProcessState, type StoredEvent } from './port.ts'

type SeenEvent = Omit<StoredEvent, 'v'>

/**
 * What no process can report itself: that it was lost, and that it is back. Every console observes it, and all make the
 * same event of it, so that it is stored once.
 */
export function processEvents(record: (event: SeenEvent) => void) {
  const lostAt = new Map<string, number>()
  return (process: FleetProcess, before: ProcessState | undefined) => {
    const { id, service, instance, state, lastBeatAt } = process
    const isLost = state === 'lost' || (state === 'replaced' && (before === 'up' || before === 'late'))
    if (isLost) {
      const at = lastBeatAt + limits.LOST_AFTER
      lostAt.set(id, at)
      record({ streamId: `${at}-lost-${id}`, at, kind: PROCESS_LOST, process: id, service, instance, data: {} })
    }
    const since = lostAt.get(id)
    if (since === undefined || (state !== 'up' && state !== 'late')) return
    lostAt.delete(id)
    const at = lastBeatAt
    record({ streamId: `${since}-back-${id}`, at, kind: PROCESS_BACK, process: id, service, instance, data: {} })
  }
}
