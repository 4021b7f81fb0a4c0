import type { ConnectionGroup } from '../../../infrastructure/insight/index.ts'
import type { FleetProcess } from '../../fleet/port.ts'
import { OWN_APPLICATION } from '../../servers/postgres/servers.ts'
import { type Owner, ownerOf } from './owner.ts'

/** Connections of one service, or of one application that no service is known for, as one account to one database. */
export interface ConnectedRow {
  database: string
  user: string
  /** The service of the fleet, else the application; absent: it gives no name. */
  who?: string
  /** It is a service of the fleet. */
  known: boolean
  /** It belongs to a console. */
  own: boolean
  count: number
  active: number
  idle: number
  idleInTransaction: number
  /** In another state, or in one that this account may not see. */
  other: number
  longestTransactionMs?: number
}

export interface Connected {
  /** The most connections first. */
  rows: ConnectedRow[]
  /** Over all of them. */
  states: Pick<ConnectedRow, 'count' | 'active' | 'idle' | 'idleInTransaction' | 'other'>
}

/** Who is connected, the instances of a service together. */
export function connectedOf(groups: readonly ConnectionGroup[], processes: readonly FleetProcess[]): Connected {
  const owned = groups.map(group => ({ group, owner: ownerOf(group.application, processes) }))
  const byWho = Map.groupBy(owned, ({ group, owner }) =>
    JSON.stringify([group.database, group.user, nameOf(owner, group.application) ?? null, owner.service !== undefined]),
  )
  const rows = [...byWho.values()].flatMap(members => {
    const [first] = members
    if (!first) return []
    const { database, user, application } = first.group
    const { service, own } = first.owner
    const who = nameOf(first.owner, application)
    const longest = members.flatMap(({ group }) => group.longestTransactionMs ?? [])
    return [
      {
        database,
        user,
        ...(who === undefined ? {} : { who }),
        known: service !== undefined,
        own,
        ...statesOf(members.map(({ group }) => group)),
        ...(longest.length > 0 ? { longestTransactionMs: Math.max(...longest) } : {}),
      },
    ]
  })
  return {
    rows: rows.sort((a, b) => b.count - a.count || sortName(a).localeCompare(sortName(b))),
    states: statesOf(groups),
  }
}

/** A console is one, whatever each of its connections is for. */
const nameOf = ({ service, own }: Owner, application: string | undefined) =>
  service ?? (own ? OWN_APPLICATION : application)

const sortName = ({ who = '', user, database }: ConnectedRow) => `${who} ${user} ${database}`

function statesOf(groups: readonly ConnectionGroup[]): Connected['states'] {
  const states = { count: 0, active: 0, idle: 0, idleInTransaction: 0, other: 0 }
  for (const { state, count } of groups) {
    states.count += count
    if (state === 'active' || state === 'idle') states[state] += count
    else if (state?.startsWith('idle in transaction')) states.idleInTransaction += count
    else states.other += count
  }
  return states
}
