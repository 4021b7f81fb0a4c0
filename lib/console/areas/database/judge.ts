import {
  activityQuestion,
  replicationQuestion,
  serverQuestion,
  writeAheadQuestion,
} from '../../../infrastructure/insight/index.ts'
import type { AttentionReport } from '../../platform/attention/item.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import type { PostgresServer, PostgresServers } from '../../servers/postgres/servers.ts'
import { type JudgedDatabase, ofDatabases } from './attention.ts'
import { type Blocker, blockersOf } from './blockers.ts'
import { figuresOf } from './figures.ts'

/** Replication and archive change slowly, and are judged everywhere (ms). */
const SLOW_MS = 10_000

/** What of the declared databases needs attention; `maxAge` (ms): of readings at most this old. */
export async function judgeDatabases({ servers }: PostgresServers, maxAge: number): Promise<AttentionReport> {
  const seen = new Set<string>()
  const facts = await Promise.all(servers.map(server => server.read(serverQuestion, { maxAge: SLOW_MS })))
  const judged = await Promise.all(
    servers.map((server, at) => {
      const known = facts[at]
      const id = known?.status === 'up' ? known.data.server : server.name
      const ofServer = !seen.has(id)
      seen.add(id)
      return judge(server, ofServer, maxAge)
    }),
  )
  const known = judged.filter(one => one !== undefined)
  return { items: ofDatabases(known, Date.now()), known: servers.length === 0 || known.length > 0 }
}

async function judge(server: PostgresServer, ofServer: boolean, maxAge: number): Promise<JudgedDatabase | undefined> {
  const figures = await figuresOf(server, { maxAge })
  if (figures.status !== 'up') return undefined
  const [held, replication, writeAhead] = await Promise.all([
    readBlockers(server, figures, maxAge),
    ofServer ? server.read(replicationQuestion, { maxAge: SLOW_MS }) : undefined,
    ofServer ? server.read(writeAheadQuestion, { maxAge: SLOW_MS }) : undefined,
  ])
  const unread = [
    { part: replication, words: 'replication' },
    { part: writeAhead, words: 'the archive of its write-ahead log' },
  ].flatMap(({ part, words }) => (part && part.status !== 'up' ? [{ ...part, words }] : []))
  return {
    name: server.name,
    ofServer,
    unread,
    figures: figures.data,
    ...(held.status === 'up' ? { blockers: held.data } : {}),
    ...(replication?.status === 'up' ? { replication: replication.data } : {}),
    ...(writeAhead?.status === 'up' ? { writeAhead: writeAhead.data } : {}),
  }
}

/** Sessions are read only while someone waits for a lock. */
export async function readBlockers(
  server: PostgresServer,
  figures: Part<{ waiting: number }>,
  maxAge?: number,
): Promise<Part<Blocker[]>> {
  if (figures.status === 'down') return figures
  if (figures.data.waiting === 0) return mapPart(figures, () => [])
  const activity = await server.read(activityQuestion, maxAge === undefined ? {} : { maxAge })
  return mapPart(activity, blockersOf)
}
