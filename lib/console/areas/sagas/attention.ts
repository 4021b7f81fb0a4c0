import { placeOf } from '../../platform/area/names.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted } from '../../platform/counted.ts'
import { isUnattended, type SagaRow } from './rows.ts'

/** Sagas that wait for a person, that no process carries on, and whose store does not answer: each for itself, since one may hide the other. */
export function ofSagas(rows: readonly SagaRow[], now: number): AttentionItem[] {
  return rows.flatMap(row =>
    [unattended(row, now), failed(row), unread(row)].flatMap(words =>
      words
        ? {
            ...words,
            id: `saga:${row.id}:${words.band}`,
            subject: `${row.service} / ${row.name}`,
            href: placeOf('sagas', { saga: row.id }),
            act: 'See sagas',
            ...(row.owner === undefined ? {} : { owner: row.owner }),
            ...(row.runbook === undefined ? {} : { runbook: row.runbook }),
          }
        : [],
    ),
  )
}

type Words = Pick<AttentionItem, 'band' | 'text' | 'detail' | 'since' | 'count'>

function unattended(row: SagaRow, now: number): Words | undefined {
  if (!isUnattended(row, now)) return undefined
  const { waitingSince, processes } = row
  return {
    band: 'failing',
    text: 'is due and taken by no process',
    detail: processes.some(({ works, alive }) => works && alive)
      ? 'Its processes work: they may be busy with other sagas, or cut off from their database.'
      : processes.some(({ alive }) => alive)
        ? 'None of its running processes carries sagas out: is sagas.work() called?'
        : 'None of its processes is running.',
    since: waitingSince,
  }
}

function failed({ counts, failed }: SagaRow): Words | undefined {
  const count = counts?.failed ?? 0
  if (count === 0) return undefined
  const [newest] = failed
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

const unread = ({ unknownBecause }: SagaRow): Words | undefined =>
  unknownBecause === undefined ? undefined : { band: 'unclear', text: 'cannot be judged', detail: `${unknownBecause}.` }
