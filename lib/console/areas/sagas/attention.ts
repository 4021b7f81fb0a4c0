import { placeOf } from '../../platform/area/names.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted } from '../../platform/counted.ts'
import type { SagaRow } from './rows.ts'

/** Sagas that wait for a person, that no process carries on, and whose store does not answer. */
export function ofSagas(rows: readonly SagaRow[]): AttentionItem[] {
  return rows.flatMap(row => {
    const words = wordsOf(row)
    return words
      ? {
          id: `saga:${row.id}`,
          subject: `${row.service} / ${row.name}`,
          href: placeOf('sagas', { saga: row.id }),
          act: 'See sagas',
          ...(row.owner === undefined ? {} : { owner: row.owner }),
          ...(row.runbook === undefined ? {} : { runbook: row.runbook }),
          ...words,
        }
      : []
  })
}

type Words = Pick<AttentionItem, 'band' | 'text' | 'detail' | 'since' | 'count'>

function wordsOf({ state, counts, failed, waitingSince, processes, unknownBecause }: SagaRow): Words | undefined {
  switch (state) {
    case 'failed': {
      const [newest] = failed
      const count = counts?.failed ?? failed.length
      return {
        band: 'degraded',
        text: `${counted(count, 'has', 'have')} failed and ${count === 1 ? 'waits' : 'wait'} for a person`,
        detail: newest?.error
          ? `${newest.error.during === 'step' ? 'Step' : 'The compensation of'} ${newest.error.step}: ${newest.error.message}.`
          : 'What failed is not known.',
        since: newest?.error?.at,
        count,
      }
    }
    case 'unattended':
      return {
        band: 'failing',
        text: 'is due and taken by no process',
        detail: processes.some(({ works, alive }) => works && alive)
          ? 'Its processes work: they may be busy with other sagas, or cut off from their database.'
          : 'None of its living processes carries sagas out: is sagas.work() called?',
        since: waitingSince,
      }
    case 'unknown':
      return unknownBecause === undefined
        ? undefined
        : { band: 'unclear', text: 'is not known', detail: `${unknownBecause}.` }
    default:
      return undefined
  }
}
