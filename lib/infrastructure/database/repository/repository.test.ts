import { bigint, boolean, integer, jsonb, numeric, pgTable, text, timestamp, varchar } from 'drizzle-orm/pg-core'
import { newId } from '../../../core/ids.ts'
import { createDatabase as createTestDatabase } from '../../testing/servers.ts'
import {
  BaseDrizzleRepository,
  createDatabase,
  createRepositories,
  createTransactions,
  defineDrizzleEntity,
} from '../index.ts'
import { repositoryContract } from './repository.contract.ts'
import { SAMPLE_DEFINITIONS, SAMPLE_TABLES } from './sample-domain.contract.ts'

const time = (name: string) => timestamp(name, { withTimezone: true })
const project = pgTable('project', {
  id: text().primaryKey(),
  organizationId: text('organization_id').notNull(),
  name: varchar({ length: 80 }).notNull(),
  status: text().notNull().default('open'),
  priority: integer(),
  budget: bigint({ mode: 'number' }),
  labels: jsonb().notNull().default([]),
  version: integer().notNull(),
  removedAt: time('removed_at'),
  createdAt: time('created_at').notNull().defaultNow(),
  createdBy: text('created_by'),
  updatedAt: time('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by'),
})
const invoice = pgTable('invoice', {
  id: text().primaryKey(),
  organizationId: text('organization_id').notNull(),
  number: text().notNull(),
  amount: numeric({ precision: 14, scale: 2 }).notNull(),
  paid: boolean().notNull().default(false),
  issuedAt: time('issued_at').notNull(),
})
const person = pgTable('person', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  organizationId: text('organization_id').notNull(),
  email: text().notNull(),
  name: text(),
})
const rate = pgTable('exchange_rate', { currency: text().primaryKey(), rate: numeric().notNull() })

const projects = defineDrizzleEntity(project, { ...SAMPLE_DEFINITIONS.project, newId })
const invoices = defineDrizzleEntity(invoice, { ...SAMPLE_DEFINITIONS.invoice, newId })
const people = defineDrizzleEntity(person, SAMPLE_DEFINITIONS.person)
const rates = defineDrizzleEntity(rate, SAMPLE_DEFINITIONS.rate)

repositoryContract('Drizzle', async () => {
  const server = await createTestDatabase()
  const database = await createDatabase({ url: server.url })
  await database.sql.unsafe(SAMPLE_TABLES)
  const parts = await createRepositories({ transactions: await createTransactions(database) })
  return {
    projects: scope => new BaseDrizzleRepository(projects, parts, scope),
    invoices: scope => new BaseDrizzleRepository(invoices, parts, scope),
    people: scope => new BaseDrizzleRepository(people, parts, scope),
    rates: scope => new BaseDrizzleRepository(rates, parts, scope),
    sql: statement => database.sql.unsafe(statement),
    async close() {
      await database.close()
      await server.drop()
    },
  }
})
