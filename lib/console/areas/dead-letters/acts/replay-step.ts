import type { EditedData, JobStep } from '../../../../infrastructure/queue/index.ts'
import { retrying } from '../../queues/index.ts'
import { EDITED_MOST, edited, type Patch } from './edit.ts'
import { type Moved, REDIS_WAIT_MS, type RefusedJob } from './selected-jobs.ts'
import type { SelectedQueue } from './selection.ts'

/** Replays some dead letters of a queue, with the edited payload if there is a patch. */
export function replayStep(run: string, patch: Patch | undefined, signal: AbortSignal) {
  const ask = <T>(call: () => Promise<T>) => retrying(call, signal, REDIS_WAIT_MS)

  async function move(queue: SelectedQueue, ids: readonly string[]): Promise<Moved> {
    const { edits, refused } = patch ? await editsOf(queue, ids, patch) : { edits: undefined, refused: [] }
    const wanted = edits ? edits.map(({ id }) => id) : ids
    if (wanted.length === 0) return { moved: [], refused }
    const step: JobStep = await ask(() => queue.server.acts.replayKeeping(queue.address, run, wanted, edits))
    const stayed = new Set(step.refused.map(({ id }) => id))
    return {
      moved: wanted.filter(id => !stayed.has(id)).map(id => ({ queue, id })),
      refused: [...refused, ...step.refused.map(({ id, reason }) => ({ queue, id, reason }))],
    }
  }

  async function editsOf(queue: SelectedQueue, ids: readonly string[], patch: Patch) {
    const data = await ask(() => queue.server.acts.dataOf(queue.address, ids, EDITED_MOST))
    const edits: EditedData[] = []
    const refused: RefusedJob[] = []
    for (const id of ids) {
      const from = data.get(id)
      const result = from === undefined ? undefined : edited(from, patch)
      if (from !== undefined && result?.ok) edits.push({ id, from, to: result.text })
      else
        refused.push({
          queue,
          id,
          reason: result?.ok === false ? result.why : 'its payload is missing or too large to edit',
        })
    }
    return { edits, refused }
  }

  return move
}
