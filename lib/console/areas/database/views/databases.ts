import { z } from 'zod'
import { type ServerFacts, serverQuestion } from '../../../../infrastructure/insight/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { figuresOf } from '../figures.ts'

export interface DatabaseRow {
  name: string
  /** Without credentials. */
  address: string
  server: Part<ServerFacts>
  /** Locks that are waited for; absent: not known. */
  waiting?: number
}

export interface DatabasesData {
  databases: DatabaseRow[]
}

/** Every declared database. */
export const databasesView = defineView({
  id: 'databases',
  title: 'Databases',
  permission: 'database:read',
  topics: ['series'],
  filters: z.object({}),
  freshFor: 2_000,
  async read({ environment }): Promise<DatabasesData> {
    return { databases: await Promise.all(environment.of(PostgresServers).servers.map(databaseRow)) }
  },
})

export async function databaseRow(server: PostgresServer): Promise<DatabaseRow> {
  const { name, address } = server
  const [facts, figures] = await Promise.all([server.read(serverQuestion), figuresOf(server)])
  return { name, address, server: facts, ...(figures.status === 'up' ? { waiting: figures.data.waiting } : {}) }
}
