import type { DeadLetterPlace } from '../../../../infrastructure/queue/index.ts'
import { reading } from '../../queues/index.ts'
import type { Selected, SelectedQueue } from './selection.ts'

const PAGE = 50

/** The ids of a selection, piece by piece, queue after queue, without doing anything to them. Those added in the meantime are left out. */
export async function* walkSelected({
  queues,
  matches,
}: Selected): AsyncGenerator<{ queue: SelectedQueue; ids: string[] }> {
  for (const queue of queues) {
    const { server, address } = queue
    if (queue.ids) {
      for (let at = 0; at < queue.ids.length; at += PAGE) yield { queue, ids: queue.ids.slice(at, at + PAGE) }
      continue
    }
    const [set] = await reading(server, () => server.queues.deadLetterSets([address]))
    const until = set?.newest?.failedAt ?? 0
    let after: DeadLetterPlace | undefined
    for (;;) {
      const page = await reading(server, () => server.queues.deadLettersAfter(address, { after, until, limit: PAGE }))
      const ids = page.records.filter(matches).map(({ id }) => id)
      if (ids.length > 0) yield { queue, ids }
      const last = page.records.at(-1)
      if (page.finished || !last) break
      after = { id: last.id, failedAt: last.failedAt }
    }
  }
}
