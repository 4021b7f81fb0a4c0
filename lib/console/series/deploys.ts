import { and, asc, desc, eq, gte, isNotNull, lt } from 'drizzle-orm'
import { deploy } from '../../../drizzle/schema/index.ts'
import { isId, timeOfId } from '../../core/ids.ts'
import { toConsoleTime } from '../fleet/clocks.ts'
import { isLiving } from '../fleet/living.ts'
import type { FleetSnapshot } from '../fleet/port.ts'
import type { Db, Tx } from '../platform/store/port.ts'
import type { Deploy } from './port.ts'

interface Running {
  service: string
  version: string
  commit?: string
  /** When its first process joined the fleet. */
  joinedAt: number
}

/** Records each version that appears in a service: a deploy or its rollback. A service seen for the first time is recorded too. */
export function deployNotes(environment: string) {
  /** All versions that each service ran last; the newest, and since when. */
  const last = new Map<string, { versions: ReadonlySet<string>; newest: string; since: number }>()
  let loaded = false

  async function load(tx: Tx) {
    const rows = await tx
      .selectDistinctOn([deploy.service], { service: deploy.service, version: deploy.version, at: deploy.at })
      .from(deploy)
      .where(eq(deploy.environment, environment))
      .orderBy(deploy.service, desc(deploy.at))
    for (const { service, version, at } of rows)
      last.set(service, { versions: new Set([version]), newest: version, since: at.getTime() })
    loaded = true
  }

  return {
    async note(tx: Tx, snapshot: FleetSnapshot): Promise<void> {
      if (!loaded) await load(tx)
      for (const [service, running] of Map.groupBy(versionsOf(snapshot), ({ service }) => service)) {
        const known = last.get(service)
        // Of two versions side by side, the older one is not new to a leader that knows only the newer.
        const news = running.filter(
          ({ version, joinedAt }) => !known || (!known.versions.has(version) && joinedAt > known.since),
        )
        for (const [index, { version, commit, joinedAt }] of news.entries()) {
          const previous = index === 0 ? (known?.newest ?? null) : (news[index - 1]?.version ?? null)
          await tx
            .insert(deploy)
            .values({ environment, service, version, commit, previous, at: new Date(joinedAt) })
            .onConflictDoNothing()
        }
        const latest = news.at(-1)
        last.set(service, {
          versions: new Set(running.map(({ version }) => version)),
          newest: latest?.version ?? known?.newest ?? '',
          since: latest?.joinedAt ?? known?.since ?? 0,
        })
      }
    },
    forget() {
      last.clear()
      loaded = false
    },
  }
}

/** Each version that runs now, with the earliest process that has it, in the order they appeared. */
function versionsOf(snapshot: FleetSnapshot): Running[] {
  const first = new Map<string, Running>()
  for (const process of snapshot.processes) {
    const { version, commit } = process.identity ?? {}
    if (version === undefined || !isId(process.id) || !isLiving(process)) continue
    const key = `${process.service}\n${version}`
    const at = toConsoleTime(timeOfId(process.id), process, snapshot)
    if ((first.get(key)?.joinedAt ?? Number.POSITIVE_INFINITY) > at)
      first.set(key, { service: process.service, version, commit, joinedAt: at })
  }
  return [...first.values()].sort((a, b) => a.joinedAt - b.joinedAt)
}

/** Deploys in a time span, oldest first; what ran when the console first looked is not one. */
export async function readDeploys(
  db: Db,
  environment: string,
  { from, to }: { from: number; to: number },
): Promise<Deploy[]> {
  const rows = await db
    .select()
    .from(deploy)
    .where(
      and(
        eq(deploy.environment, environment),
        gte(deploy.at, new Date(from)),
        lt(deploy.at, new Date(to)),
        isNotNull(deploy.previous),
      ),
    )
    .orderBy(asc(deploy.at))
    .limit(500)
  return rows.map(row => ({
    service: row.service,
    at: row.at.getTime(),
    version: row.version,
    previous: row.previous ?? '',
    commit: row.commit ?? undefined,
  }))
}
