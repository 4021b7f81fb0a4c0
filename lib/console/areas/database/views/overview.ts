import { z } from 'zod'
import {
  connectionsQuestion,
  type DatabaseFigures,
  type DatabaseSize,
  type Replication,
  replicationQuestion,
  type ServerFacts,
  serverQuestion,
  sizeQuestion,
  type WriteAhead,
  writeAheadQuestion,
} from '../../../../infrastructure/insight/index.ts'
import type { FleetProcess } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { type Blocker, sessionName, stateWords } from '../blockers.ts'
import { type Connected, connectedOf } from '../connected.ts'
import { figuresOf } from '../figures.ts'
import { readBlockers } from '../judge.ts'
import { ownerOf } from '../owner.ts'
import { type Pool, poolsOf } from '../pools.ts'

/** A session that holds up others, with what an act on it needs. */
export interface BlockerRow {
  pid: number
  /** Absent: the account may not see when it began, so it cannot be acted on from here. */
  session?: string
  transaction?: string
  name: string
  service?: string
  active: boolean
  /** `idle in transaction for 41 s` */
  words: string
  waiting: number
  longestMs: number
  tables: string[]
}

export interface DatabaseOverviewData {
  /** Absent when no database of that name is declared. */
  overview?: {
    server: Part<ServerFacts>
    figures: Part<DatabaseFigures>
    size: Part<DatabaseSize>
    connected: Part<Connected>
    /** Of the fleet, as their processes report them. */
    pools: Part<Pool[]>
    replication: Part<Replication>
    writeAhead: Part<WriteAhead>
    blockers: Part<BlockerRow[]>
  }
}

/** One database: who uses it, how it does, and who holds up others. */
export const databaseOverviewView = defineView({
  id: 'database-overview',
  title: 'Database overview',
  permission: 'database:read',
  topics: ['series'],
  filters: z.object({ name: exact(300) }),
  freshFor: 2_000,
  async read({ environment }, { name }): Promise<DatabaseOverviewData> {
    const server = environment.of(PostgresServers).find(name)
    if (!server) return {}
    const figures = figuresOf(server)
    const [facts, known, size, groups, replication, writeAhead, fleet, blockers] = await Promise.all([
      server.read(serverQuestion),
      figures,
      // The sampler asks every five minutes; a page need not wait for what Postgres has to ask its file system.
      server.read(sizeQuestion, { maxAge: 900_000 }),
      server.read(connectionsQuestion),
      server.read(replicationQuestion),
      server.read(writeAheadQuestion),
      environment.of(Fleet).read(['pools']),
      figures.then(figures => readBlockers(server, figures)),
    ])
    const processes = fleet.status === 'down' ? [] : fleet.data.processes
    const { place } = server
    return {
      overview: {
        server: facts,
        figures: known,
        size,
        replication,
        writeAhead,
        connected: mapPart(groups, groups => connectedOf(groups, processes)),
        pools: mapPart(fleet, snapshot => (place === undefined ? [] : poolsOf(snapshot, place))),
        blockers: mapPart(blockers, blockers => blockers.map(blocker => rowOf(blocker, processes))),
      },
    }
  },
})

function rowOf({ session, waiting, longestMs }: Blocker, processes: readonly FleetProcess[]): BlockerRow {
  return {
    pid: session.pid,
    ...(session.session === undefined ? {} : { session: session.session }),
    ...(session.transaction === undefined ? {} : { transaction: session.transaction }),
    name: sessionName(session),
    service: ownerOf(session.application, processes).service,
    active: session.state === 'active',
    words: stateWords(session),
    waiting: waiting.length,
    longestMs,
    tables: [...new Set(waiting.flatMap(({ awaits }) => awaits?.table ?? []))],
  }
}
