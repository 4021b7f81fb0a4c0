import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { defineDrizzleEntity } from '../../lib/infrastructure/database/index.ts'

export const ROWS = 100_000
/** Of one statement when rows are written. */
export const CHUNK = 5_000
const TENANT = 'org-1'
const READS = 5_000
const TRANSACTIONS = 2_000

export interface RepositoryInput {
  databaseUrl: string
}

export const project = pgTable('project', {
  id: text().primaryKey(),
  organizationId: text('organization_id').notNull(),
  name: text().notNull(),
  status: text().notNull(),
  priority: integer().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
})

export const projects = defineDrizzleEntity(project, {
  name: 'project',
  filterable: ['status'],
  sortable: ['name'],
  tenant: 'organizationId',
  createdAt: 'createdAt',
})

export const scope = { tenant: TENANT }

/** An empty table but for the rows that are read, whose ids begin with `read`. */
export async function emptyTable(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  await sql`drop table if exists project`
  await sql`
    create table project (id text primary key, organization_id text not null, name text not null, status text not null,
      priority int not null, created_at timestamptz not null default now())`
  await sql`
    insert into project select 'read-' || n, ${TENANT}, 'Project ' || n, 'open', n % 5 from generate_series(1, 1000) n`
  await sql`vacuum analyze project`
  await sql`checkpoint`
  await sql.end()
}

export const newProjects = () =>
  Array.from({ length: ROWS }, (_, at) => ({
    id: `project-${at}`,
    name: `Project ${at}`,
    status: at % 3 === 0 ? 'done' : 'open',
    priority: at % 5,
  }))

/** The same work of each side, timed: reads by id one after the other, transactions of two statements, rows in chunks. */
export async function timed(side: {
  read(id: string): Promise<{ name: string } | undefined>
  transaction(): Promise<unknown>
  insert(rows: ReturnType<typeof newProjects>): Promise<unknown>
}): Promise<{ value: number; extra: Record<string, number> }> {
  const readAll = async (count: number) => {
    for (let at = 1; at <= count; at++)
      if ((await side.read(`read-${(at % 1000) + 1}`)) === undefined) throw new Error('a row is missing')
  }
  const transactAll = async (count: number) => {
    for (let at = 0; at < count; at++) await side.transaction()
  }
  const rows = newProjects()
  await readAll(1_000)
  const readUs = (await seconds(() => readAll(READS))) * (1_000_000 / READS)
  await transactAll(300)
  const transactionUs = (await seconds(() => transactAll(TRANSACTIONS))) * (1_000_000 / TRANSACTIONS)
  const insertMs = (await seconds(() => side.insert(rows))) * 1_000
  return { value: readUs, extra: { transactionUs, insertMs } }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1_000
}
