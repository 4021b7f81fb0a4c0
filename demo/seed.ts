import { fileURLToPath } from 'node:url'
import { createDatabase } from 'substation/database'
import { createMigrations, libraryMigrations } from 'substation/migrations'
import { seedVisits } from './seed-visits.ts'

const CATEGORIES = ['cable', 'fuse', 'meter', 'relay', 'switch', 'transformer'] as const
const SIZES = [
  'small',
  'medium',
  'large',
  'double',
  'sealed',
  'outdoor',
  'heavy-duty',
  'three-phase',
  'spare',
  'used',
] as const
const COUNTRIES = ['NL', 'DE', 'FR', 'PL'] as const
const PRODUCTS = CATEGORIES.length * SIZES.length
const CUSTOMERS = 80

/** The last migration that the demo's services need; those after it are left to be run from the console. */
const NEEDED = '0002_purchase_waiting'

/** Where the migrations of the shop and of its reports are. */
export const DEMO_MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url))
export const REPORTS_MIGRATIONS = fileURLToPath(new URL('reports-migrations', import.meta.url))

/** Brings the shop's tables to what its services need and fills them where rows are missing. May run twice, also at once. */
export async function seedDemo(url: string): Promise<{ products: number; customers: number }> {
  const migrations = await createMigrations({ url, folder: DEMO_MIGRATIONS })
  try {
    await migrations.up({
      by: 'the demo',
      to: NEEDED,
      createJournal: true,
      waitMs: 20_000,
      despite: ['drifted', 'missing'],
    })
  } finally {
    await migrations.close()
  }
  await migrateLibrary(url)
  const database = await createDatabase({ url, name: 'seed', maxConnections: 1 })
  const { sql } = database
  try {
    // Its server loads the module; without the extension nothing of it can be read.
    await sql`create extension if not exists pg_stat_statements`
    await sql`insert into shop.product ${sql(products())} on conflict do nothing`
    await sql`insert into shop.customer ${sql(customers())} on conflict do nothing`
    await seedVisits(database, { customers: CUSTOMERS, products: PRODUCTS })
    return { products: PRODUCTS, customers: CUSTOMERS }
  } finally {
    await database.close()
  }
}

/** The outbox, the sagas and the messages are tables of the library's, with a journal of their own. */
async function migrateLibrary(url: string): Promise<void> {
  const migrations = await createMigrations({ url, source: libraryMigrations('events', 'saga', 'messages') })
  try {
    await migrations.up({ by: 'the demo', createJournal: true, waitMs: 20_000 })
  } finally {
    await migrations.close()
  }
}

/** Brings the tables of the reports up to date. May run twice, also at once. */
export async function seedReports(url: string): Promise<void> {
  const migrations = await createMigrations({ url, folder: REPORTS_MIGRATIONS })
  try {
    await migrations.up({ by: 'the demo', createJournal: true, waitMs: 20_000 })
  } finally {
    await migrations.close()
  }
  const database = await createDatabase({ url, name: 'seed', maxConnections: 1 })
  try {
    await database.sql`create extension if not exists pg_stat_statements`
  } finally {
    await database.close()
  }
}

function products() {
  return Array.from({ length: PRODUCTS }, (_, i) => {
    const category = CATEGORIES[i % CATEGORIES.length] ?? 'cable'
    const size = SIZES[Math.floor(i / CATEGORIES.length)] ?? 'small'
    return { id: i + 1, name: `${category}, ${size}`, category, price: 250 + i * 137 }
  })
}

/** Two in eighty have a mailbox that is no more, four a card that is declined. */
function customers() {
  return Array.from({ length: CUSTOMERS }, (_, i) => ({
    id: i + 1,
    mailbox: i % 40 === 7 ? `customer-${i + 1}@closed.example` : `customer-${i + 1}@mail.example`,
    country: COUNTRIES[i % COUNTRIES.length] ?? 'NL',
    card: i % 20 === 13 ? 'card-declined' : `card-${i + 1}`,
  }))
}
