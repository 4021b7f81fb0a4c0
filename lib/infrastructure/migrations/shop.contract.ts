import type postgres from 'postgres'
import { test as base } from 'vitest'
import type { MigrationDone, Migrations, MigrationsSettings } from './index.ts'

/** A database of the test's own with a folder of migrations beside it. */
export interface MigrationBench {
  url: string
  folder: string
  /** For looking at what was done. */
  sql: postgres.Sql
  /** Writes a migration and its way back. drizzle's journal is kept in step. */
  write(name: string, up: string, down?: string): Promise<void>
  remove(name: string): Promise<void>
  open(settings?: Partial<MigrationsSettings>): Promise<Migrations>
  close(): Promise<void>
}

interface ShopMigrations {
  /** Three migrations lie in its folder, the last of which runs outside a transaction. */
  shop: MigrationBench
  migrations: Migrations
  /** All that is pending, by ada, with a journal made where there is none. */
  run(options?: Partial<Parameters<Migrations['up']>[0]>): Promise<MigrationDone[]>
  /** `0001_product applied` */
  states(): Promise<string[]>
  tables(): Promise<string[]>
}

/** The tests of the contract, each with a database and a folder of its own. */
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
