import { bigint, char, integer, jsonb, pgEnum, pgTable, real, serial, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Cache, createCacheRegistry } from '../cache/index.ts'
import {
  BaseDrizzleRepository,
  createDatabase,
  createRepositories,
  createTransactions,
  type DrizzleRepositories,
  type DrizzleTransactions,
  defineDrizzleEntity,
  type PostgresDatabase,
} from '../database/index.ts'
import { libraryDatabase } from './library-database.ts'

const kind = pgEnum('kind', ['small', 'large'])
const time = (name: string) => timestamp(name, { withTimezone: true })
export const thing = pgTable('thing', {
  id: serial().primaryKey(),
  tenant: text().notNull(),
  label: text().notNull(),
  code: char({ length: 3 }),
  kind: kind().notNull().default('small'),
  size: real(),
  huge: bigint({ mode: 'bigint' }),
  day: timestamp({ mode: 'string' }),
  tags: text().array().notNull().default([]),
  facts: jsonb().$type<{ at?: string; secret?: string }>(),
  key: uuid().$defaultFn(() => '00000000-0000-4000-8000-000000000001'),
  touched: integer()
    .$onUpdateFn(() => 7)
    .notNull(),
  removedAt: time('removed_at'),
})
export const things = defineDrizzleEntity(thing, {
  name: 'thing',
  filterable: ['label', 'code', 'kind', 'size', 'huge', 'day'],
  sortable: ['code', 'kind', 'size', 'huge', 'day', 'label'],
  tenant: 'tenant',
  removedAt: 'removedAt',
  audit: { hidden: ['facts'] },
})

export class Things extends BaseDrizzleRepository<typeof thing, typeof things> {
  constructor(parts: DrizzleRepositories, scope: { tenant: string; actor?: string }) {
    super(things, parts, scope)
  }
  large() {
    return this.list({ where: { kind: 'large' } })
  }
}

/** For the tests of a file: a table with columns of many types, empty for each test, and repositories of it with a cache and without. */
export function thingsBench() {
  let server: { url: string; drop(): Promise<void> }
  let database: PostgresDatabase
  let transactions: DrizzleTransactions
  let cache: Cache
  let cached: DrizzleRepositories
  let uncached: DrizzleRepositories
  const caches = createCacheRegistry()
  beforeAll(async () => {
    server = await libraryDatabase('audit')
    database = await createDatabase({ url: server.url })
    transactions = await createTransactions(database)
    cache = await caches.create({ name: 'things', kind: 'memory' })
    cached = await createRepositories({ transactions, cache })
    uncached = await createRepositories({ transactions })
    await database.sql.unsafe(`
      create type kind as enum ('small', 'large');
      create table thing (
        id serial primary key, tenant text not null, label text not null, code char(3), kind kind not null default 'small', size real, huge bigint,
        day timestamp, tags text[] not null default '{}', facts jsonb, key uuid, touched int not null, removed_at timestamptz)`)
  })
  afterAll(async () => {
    await Promise.all([database.close(), caches.close()])
    await server.drop()
  })
  beforeEach(async () => {
    await database.sql`truncate thing, substation_app.entity_change restart identity`
    await cache.clear()
  })
  return {
    get server() {
      return server
    },
    get database() {
      return database
    },
    get transactions() {
      return transactions
    },
    get cache() {
      return cache
    },
    get cached() {
      return cached
    },
    get uncached() {
      return uncached
    },
    /** Those of one tenant, by ada. */
    get mine() {
      return new Things(cached, { tenant: 'org-1', actor: 'ada' })
    },
  }
}
