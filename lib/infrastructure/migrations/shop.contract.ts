import type postgres from 'postgres'
import { test as base } from 'vitest'
import type { MigrationDone, Migrations, MigrationsSettings } from './index.ts'

/** A database for one test with a folder of migrations. */
export interface MigrationBench {
  url: string
  folder: string
  /** For checking what was done. */
  sql: postgres.Sql
  /** Writes a migration and its down file, and its entry in drizzle's journal. */
  write(name: string, up: string, down?: string): Promise<void>
  remove(name: string): Promise<void>
  open(settings?: Partial<MigrationsSettings>): Promise<Migrations>
  close(): Promise<void>
}

interface ShopMigrations {
  /** Its folder has three migrations, the last of which runs outside a transaction. */
  shop: MigrationBench
  migrations: Migrations
  /** Runs everything pending, by ada, and creates the journal if there is none. */
  run(options?: Partial<Parameters<Migrations['up']>[0]>): Promise<MigrationDone[]>
  /** `0001_product applied` */
  states(): Promise<string[]>
  tables(): Promise<string[]>
}

/** The test function of the contract: each test has a database and a folder of its own. */
export function shopTest(setup: () => Promise<MigrationBench>) {
  return base.extend<ShopMigrations>({
    shop: async ({ onTestFinished }, use) => {
      const shop = await setup()
      onTestFinished(() => shop.close())
      await shop.write('0001_product', 'create table product (id int primary key);', 'drop table product;')
      await shop.write(
        '0002_price',
        'alter table product add column price int;\n--> statement-breakpoint\nupdate product set price = 0;',
        'alter table product drop column price;',
      )
      await shop.write(
        '0003_price_index',
        'create index concurrently product_price on product (price);',
        'drop index concurrently product_price;',
      )
      await use(shop)
    },
    migrations: async ({ shop }, use) => use(await shop.open()),
    run: async ({ migrations }, use) => use(options => migrations.up({ by: 'ada', createJournal: true, ...options })),
    states: async ({ migrations }, use) =>
      use(async () => (await migrations.status()).migrations.map(entry => `${entry.name} ${entry.state}`)),
    tables: async ({ shop }, use) =>
      use(async () => {
        const found = await shop.sql`select tablename from pg_tables where schemaname = 'public' order by 1`
        return found.map(row => row.tablename)
      }),
  })
}
