import { and, desc, eq, gte, lt } from 'drizzle-orm'
import { auditEvent } from '../../../drizzle/schema/index.ts'
import { toEntry } from '../fleet/event-entry.ts'
import { Events } from '../fleet/resources.ts'
import { toActEntry } from '../platform/audit/recent.ts'
import type { ConsoleEnvironment } from '../platform/environment/port.ts'
import type { Outages } from '../platform/part/outages.ts'
import type { Part } from '../platform/part/part.ts'
import { part } from '../platform/part/read-part.ts'
import type { Db, Store } from '../platform/store/port.ts'
import type { TimelineEntry } from '../platform/timeline/entry.ts'
import { mergeTimeline } from '../platform/timeline/merge-timeline.ts'
import type { Deploy } from './port.ts'
import { Series } from './resource.ts'
import type { Span } from './span.ts'

/** Something that happened while figures were measured, shown beside them. */
export interface Mark extends TimelineEntry {
  kind: 'deploy' | 'breaker' | 'act'
}

export interface Marks {
  /** The newest first. */
  list: Mark[]
  /** There were more than are listed: those before this moment (ms) are missing. */
  cutBefore?: number
}

const MOST_EVENTS = 2_000
const MOST_ACTS = 200
const MOST_LISTED = 200

/** Deploys, transitions of breakers and acts in a time span, or those of some kinds; for one service, its own deploys and transitions. */
export function readMarks(
  environment: ConsoleEnvironment,
  { store, outages }: { store: Store; outages: Outages },
  span: Span,
  service: string,
  kinds: readonly Mark['kind'][] = ['deploy', 'breaker', 'act'],
): Promise<Part<Marks>> {
  const read = async (): Promise<Marks> => {
    const [deploys, events, acts] = await Promise.all([
      environment.of(Series).deploys(span),
      kinds.includes('breaker') ? environment.of(Events).between('breaker.transition', span, MOST_EVENTS) : [],
      actsBetween(store.db, environment.name, span),
    ])
    const mine = <T extends { service: string }>(list: readonly T[]) =>
      service === '' ? list : list.filter(one => one.service === service)
    const transitions = mergeTimeline(mine(events).map(toEntry))
    const list = [
      ...(deploys.status === 'down' ? [] : mine(deploys.data).map(toDeployMark)),
      ...transitions.map((entry): Mark => ({ ...entry, kind: 'breaker' })),
      ...acts.map((entry): Mark => ({ ...entry, kind: 'act' })),
    ]
      .filter(({ kind }) => kinds.includes(kind))
      .sort((a, b) => b.at - a.at)
    const cut = list.length > MOST_LISTED || events.length === MOST_EVENTS
    const listed = list.slice(0, MOST_LISTED)
    return { list: listed, cutBefore: cut ? listed.at(-1)?.at : undefined }
  }
  return part('Postgres', outages, read())
}

async function actsBetween(db: Db, environment: string, { from, to }: Span): Promise<TimelineEntry[]> {
  const rows = await db
    .select()
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.environment, environment),
        eq(auditEvent.kind, 'outcome'),
        gte(auditEvent.at, new Date(from)),
        lt(auditEvent.at, new Date(to)),
      ),
    )
    .orderBy(desc(auditEvent.id))
    .limit(MOST_ACTS)
  return rows.map(toActEntry)
}

function toDeployMark({ service, version, previous, commit, at }: Deploy): Mark {
  return {
    id: `deploy-${service}-${version}-${at}`,
    kind: 'deploy',
    at,
    tone: 'neutral',
    text: `${service} ${version} was deployed${commit ? ` (${commit.slice(0, 8)})` : ''}, after ${previous}`,
    href: `services?service=${encodeURIComponent(service)}`,
  }
}
