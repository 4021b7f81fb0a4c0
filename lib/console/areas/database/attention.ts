import type { DatabaseFigures, Replication, Session, WriteAhead } from '../../../infrastructure/insight/index.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted } from '../../platform/counted.ts'
import { type Blocker, secondsWords, sessionName, stateWords } from './blockers.ts'
import { type Unread, unreadItem } from './unread-item.ts'

/** What was read of a database, as far as it was. */
export interface JudgedDatabase {
  name: string
  /** Judges what databases of one server share; false for all but one of them. */
  ofServer: boolean
  figures: DatabaseFigures
  /** Absent: sessions could not be read. */
  blockers?: readonly Blocker[]
  replication?: Replication
  writeAhead?: WriteAhead
  unread?: readonly Unread[]
}

/** Shorter waits are everyday: they are over before anyone could act. */
const LEAST_WAIT_MS = 3_000
/** Callers have given up by then. */
const FAILING_WAIT_MS = 10_000
const LONG_IDLE_MS = 5 * 60_000
const NEAR_CONNECTIONS = 0.9
/** Postgres stops assigning transaction ids at about 2.1 thousand million. */
const OLD_AGE = 1_000_000_000
const OLDEST_AGE = 1_800_000_000
const BEHIND_MS = 60_000
const KEPT_BYTES = 5 * 1024 ** 3

/** The problems of databases that answer. One that does not answer is an item of the health area. */
export function ofDatabases(databases: readonly JudgedDatabase[], now: number): AttentionItem[] {
  return databases.flatMap(database => [
    ...ofBlockers(database, now),
    ...ofIdle(database, now),
    ...(database.ofServer
      ? [...ofConnections(database), ...ofAge(database), ...ofReplication(database), ...ofArchive(database)]
      : []),
    ...unreadItem(database.name, 'unread', database.unread ?? []),
  ])
}

const pageOf = (name: string, tab = '') => `database/${encodeURIComponent(name)}${tab}`

/** The page of a session, with the act that helps. A cancelled statement is no help where none runs. */
function actOn(name: string, { pid, session, state }: Session): { href: string; act: string } {
  const operation = state === 'active' ? 'database.cancel' : 'database.terminate'
  const place = pageOf(name, '/activity')
  if (session === undefined) return { href: place, act: 'See activity' }
  return {
    href: `${place}?session=${pid}&act=${operation}`,
    act: state === 'active' ? 'Cancel its statement…' : 'Terminate it…',
  }
}

function ofBlockers({ name, figures, blockers }: JudgedDatabase, now: number): AttentionItem[] {
  if (!blockers) return ofUnknownBlockers(name, figures.waiting)
  return blockers
    .filter(({ longestMs }) => longestMs >= LEAST_WAIT_MS)
    .slice(0, 5)
    .map(({ session, waiting, longestMs }): AttentionItem => {
      const tables = [...new Set(waiting.flatMap(({ awaits }) => awaits?.table ?? []))]
      return {
        id: `database:${name}:blocker:${session.pid}:${session.session ?? ''}`,
        band: longestMs >= FAILING_WAIT_MS ? 'failing' : 'degraded',
        share: Math.min(1, 0.7 + waiting.length / 10 + (longestMs >= 3 * FAILING_WAIT_MS ? 0.2 : 0)),
        subject: sessionName(session),
        text: `holds up ${counted(waiting.length, 'session')} of ${name}`,
        detail: `It is ${stateWords(session)}${tables.length > 0 ? ` and holds a lock on ${tables.slice(0, 3).join(', ')}` : ''}. The longest has waited ${secondsWords(longestMs)}: ${waiting.slice(0, 3).map(sessionName).join(', ')}${waiting.length > 3 ? ` and ${waiting.length - 3} more` : ''}.`,
        since: now - longestMs,
        ...actOn(name, session),
      }
    })
}

function ofUnknownBlockers(name: string, waiting: number): AttentionItem[] {
  if (waiting === 0) return []
  return [
    {
      id: `database:${name}:waiting`,
      band: 'degraded',
      subject: name,
      text: `has ${counted(waiting, 'session')} waiting for locks`,
      detail: 'Who holds them is not known: the sessions could not be read.',
      href: pageOf(name, '/activity'),
      act: 'See activity',
    },
  ]
}

function ofIdle({ name, ofServer, figures, blockers = [] }: JudgedDatabase, now: number): AttentionItem[] {
  const { longestIdleInTransaction: idle } = figures
  if (!idle || idle.ms < LONG_IDLE_MS || !(idle.here || ofServer)) return []
  if (blockers.some(({ session }) => session.pid === idle.pid)) return []
  return [
    {
      id: `database:${name}:idle:${idle.pid}`,
      band: 'notice',
      subject: name,
      text: `has a transaction that was left open for ${secondsWords(idle.ms)}`,
      detail: `pid ${idle.pid}${idle.here ? '' : ', in another database of the server,'} is idle in a transaction: it keeps its locks, and dead rows are not removed while it is open.`,
      since: now - idle.ms,
      href: idle.here ? pageOf(name, `/activity?session=${idle.pid}`) : pageOf(name),
      act: 'See the session',
    },
  ]
}

function ofConnections({ name, figures }: JudgedDatabase): AttentionItem[] {
  const { connections, maxConnections, reserved } = figures
  const free = maxConnections - reserved - connections
  if (connections <= NEAR_CONNECTIONS * maxConnections) return []
  return [
    {
      id: `database:${name}:connections`,
      band: free <= 0 ? 'failing' : 'degraded',
      share: connections / maxConnections,
      subject: name,
      text: `has ${connections.toLocaleString('en')} of ${maxConnections.toLocaleString('en')} connections in use`,
      detail:
        free <= 0
          ? `Only superusers can connect now: ${reserved} are reserved for them.`
          : `${counted(free, 'more connection')} and services are refused.`,
      href: pageOf(name),
      act: 'See who is connected',
    },
  ]
}

function ofAge({ name, figures: { oldestAge, freezeAt } }: JudgedDatabase): AttentionItem[] {
  const { transactions, database } = oldestAge
  if (transactions < OLD_AGE) return []
  const share = transactions / 2_100_000_000
  return [
    {
      id: `database:${name}:wraparound`,
      band: transactions >= OLDEST_AGE ? 'failing' : 'degraded',
      share,
      subject: name,
      text: `has used ${Math.round(100 * share)} % of its transaction ids`,
      detail: `The oldest row of ${database} is ${Math.round(transactions / 1e6).toLocaleString('en')} million transactions old; autovacuum should have frozen it at ${Math.round(freezeAt / 1e6).toLocaleString('en')} million. Look for old transactions, prepared ones, and slots that hold vacuum back. At 2,100 million Postgres takes no writes.`,
      href: pageOf(name),
      act: 'See the database',
    },
  ]
}

function ofReplication({ name, replication }: JudgedDatabase): AttentionItem[] {
  if (!replication) return []
  const { followers, slots, standby } = replication
  const common = { subject: name, href: pageOf(name), act: 'See replication' }
  const items: AttentionItem[] = []
  if (standby && !standby.receiving)
    items.push({
      ...common,
      id: `database:${name}:receiving`,
      band: 'degraded',
      text: 'does not receive from its primary',
      detail: 'It is a standby without a connection to its primary: what it answers grows older.',
    })
  for (const { name: follower, behindMs = 0 } of [...followers, ...(standby ? [{ name: 'It', ...standby }] : [])])
    if (behindMs > BEHIND_MS)
      items.push({
        ...common,
        id: `database:${name}:behind:${follower}`,
        band: 'degraded',
        text: standby
          ? `is ${secondsWords(behindMs)} behind its primary`
          : `has a follower that is ${secondsWords(behindMs)} behind`,
        detail: standby
          ? 'Reads from it are as old as that.'
          : `${follower} has not replayed what was written since. Reads from it are as old as that.`,
      })
  for (const { name: slot, active, keepsBytes = 0, state } of slots)
    if (state === 'lost' || (!active && keepsBytes > KEPT_BYTES))
      items.push({
        ...common,
        id: `database:${name}:slot:${slot}`,
        band: 'degraded',
        text:
          state === 'lost'
            ? `has lost what the slot ${slot} should keep`
            : `keeps ${Math.round(keepsBytes / 1024 ** 3)} GB for the slot ${slot}, which no one reads`,
        detail:
          state === 'lost'
            ? 'Its consumer has to begin again from a new copy.'
            : 'The disk fills until its consumer is back or the slot is dropped.',
      })
  return items
}

function ofArchive({ name, writeAhead }: JudgedDatabase): AttentionItem[] {
  if (!writeAhead?.archive.failing) return []
  const { failed, lastFailed } = writeAhead.archive
  return [
    {
      id: `database:${name}:archive`,
      band: 'degraded',
      subject: name,
      text: 'cannot archive its write-ahead log',
      detail: `${lastFailed ?? 'A file'} failed last, ${counted(failed, 'failure')} in all. The log stays on disk until it is archived, and a restore would end there.`,
      href: pageOf(name),
      act: 'See the database',
    },
  ]
}
