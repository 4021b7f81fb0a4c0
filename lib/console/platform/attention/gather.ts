import { type AttentionItem, type AttentionReport, BANDS, type Severity } from './item.ts'
import { byGravity } from './rank.ts'

export interface RankedItem extends AttentionItem {
  /** Id of the area that found it. */
  area: string
  severity: Severity
}

export interface Attention {
  /** The gravest effect on users first. */
  items: RankedItem[]
  /** What each area found; null: it could not be judged. */
  counts: Record<string, Count | null>
}

export interface Count {
  bad: number
  warning: number
}

interface Judge {
  id: string
  title: string
  judge(): Promise<AttentionReport>
}

/** Asks every area. One that fails is an item of its own and takes nothing from the others. */
export async function gatherAttention(judges: readonly Judge[]): Promise<Attention> {
  const reports = await Promise.all(
    judges.map(async area => ({ area: area.id, ...(await area.judge().catch(() => failed(area))) })),
  )
  return {
    items: reports
      .flatMap(({ area, items }) => items.map(item => ({ ...item, area, severity: BANDS[item.band] })))
      .sort(byGravity(Date.now())),
    counts: Object.fromEntries(reports.map(({ area, items, known }) => [area, known ? countOf(items) : null])),
  }
}

/** Badges speak of things, not of items: an item may stand for many. */
export function countOf(items: readonly AttentionItem[]): Count {
  const count = { bad: 0, warning: 0 }
  for (const { band, count: many = 1 } of items) count[BANDS[band] === 'bad' ? 'bad' : 'warning'] += many
  return count
}

const failed = ({ id, title }: Judge): AttentionReport => ({
  known: false,
  items: [
    {
      id: `${id}:unknown`,
      band: 'unclear',
      subject: title,
      text: 'cannot be judged',
      detail: 'The console failed to read it; its log says why.',
      href: id,
      act: `See ${title.toLowerCase()}`,
    },
  ],
})
