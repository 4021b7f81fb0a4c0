import { type AttentionItem, type AttentionOptions, type AttentionReport, BANDS, type Severity } from './item.ts'
import { holds, type Mark } from './marks.ts'
import { byRank } from './rank.ts'

export interface RankedItem extends AttentionItem {
  /** Id of the area that found it. */
  area: string
  severity: Severity
  /** An operator has acknowledged or muted it. */
  mark?: Pick<Mark, 'kind' | 'by' | 'reason' | 'at' | 'until'>
}

export interface Attention {
  /** The most severe effect on users first; acknowledged ones after the others. */
  items: RankedItem[]
  /** Hidden until a time. */
  muted: RankedItem[]
  /** What each area found that is neither acknowledged nor muted; null: it could not be judged. */
  counts: Record<string, Count | null>
}

export interface Count {
  bad: number
  warning: number
}

/** How long a badge waits before it shows what was found last (ms), and a page before it reports that an area cannot be judged. */
const BADGE_WAIT_MS = 300
const PAGE_WAIT_MS = 3_000

interface Judge {
  id: string
  title: string
  judge(): Promise<AttentionReport>
}

export type LastReports = Map<string, AttentionReport>

/**
 * Asks every area. One that fails becomes an item of its own and does not affect the others. One that is slow, because a server hangs,
 * does not hold up a badge: the badge shows what was found last.
 */
export async function collectAttention(
  judges: readonly Judge[],
  { fresh }: AttentionOptions,
  last: LastReports = new Map(),
  marking: Promise<ReadonlyMap<string, Mark>> = Promise.resolve(new Map()),
): Promise<Attention> {
  const reports = await Promise.all(
    judges.map(async area => {
      const judging = area.judge().catch(() => failed(area, 'The console failed to read it; its log says why.'))
      judging.then(report => last.set(area.id, report))
      const late = fresh
        ? () => failed(area, `It did not answer within ${PAGE_WAIT_MS / 1_000} s.`)
        : () => last.get(area.id) ?? { items: [], known: false }
      return { area: area.id, ...(await within(fresh ? PAGE_WAIT_MS : BADGE_WAIT_MS, judging, late)) }
    }),
  )
  // Where they cannot be read, everything is shown.
  const none = new Map<string, Mark>()
  const marks = await within(
    BADGE_WAIT_MS,
    marking.catch(() => none),
    () => none,
  )
  const now = Date.now()
  const all = reports
    .flatMap(({ area, items }) => items.map(item => marked({ ...item, area, severity: BANDS[item.band] }, marks, now)))
    .sort(byRank(now))
  const open = all.filter(({ mark }) => mark === undefined)
  return {
    items: [...open, ...all.filter(({ mark }) => mark?.kind === 'acknowledged')],
    muted: all.filter(({ mark }) => mark?.kind === 'muted'),
    counts: Object.fromEntries(
      reports.map(({ area, known }) => [area, known ? countOf(open.filter(item => item.area === area)) : null]),
    ),
  }
}

function marked(item: RankedItem, marks: ReadonlyMap<string, Mark>, now: number): RankedItem {
  const mark = marks.get(item.id)
  if (!mark || !holds(mark, item, now)) return item
  const { kind, by, reason, at, until } = mark
  return { ...item, mark: { kind, by, reason, at, until } }
}

/** Badges count things, not items: an item may stand for many. */
export function countOf(items: readonly AttentionItem[]): Count {
  const count = { bad: 0, warning: 0 }
  for (const { band, count: many = 1 } of items) count[BANDS[band] === 'bad' ? 'bad' : 'warning'] += many
  return count
}

async function within<T>(ms: number, answer: Promise<T>, otherwise: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<T>(resolve => {
    timer = setTimeout(() => resolve(otherwise()), ms)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

const failed = ({ id, title }: Judge, why: string): AttentionReport => ({
  known: false,
  items: [
    {
      id: `${id}:unknown`,
      band: 'unclear',
      subject: title,
      text: 'cannot be judged',
      detail: why,
      href: id,
      act: `See ${title.toLowerCase()}`,
    },
  ],
})
