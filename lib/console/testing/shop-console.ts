import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { createDatabase, redisUrl } from '../../infrastructure/testing/servers.ts'
import { migrationsView } from '../areas/migrations/views/migrations.ts'
import type { Console, OpenOptions } from '../open.ts'
import type { Actor } from '../platform/access/roles.ts'
import type { Run } from '../platform/operation/wire.ts'
import type { Settings } from '../platform/settings/port.ts'
import { actorOf, openTestConsole, testSettings } from './open-test-console.ts'

type Database = Awaited<ReturnType<typeof createDatabase>>

/** For the tests of a file: a console that watches a database `shop` with two migrations pending, all of it new for each test. */
export function shopConsole() {
  const admin = actorOf('admin')
  let own: Database
  let database: Database
  let rows: postgres.Sql
  let folder: string
  let settings: Settings
  let console: Console

  const shop = {
    /** For looking into the database. */
    get rows() {
      return rows
    },
    get folder() {
      return folder
    },
    get settings() {
      return settings
    },
    get console() {
      return console
    },
    get environment() {
      return settings.environments[0]?.name ?? ''
    },
    async write(name: string, up: string, down?: string) {
      await writeFile(join(folder, `${name}.sql`), up)
      if (down !== undefined) await writeFile(join(folder, `${name}.down.sql`), down)
    },
    async open(options?: Partial<OpenOptions>) {
      console = await openTestConsole(settings, options)
    },
    async reopen(options?: Partial<OpenOptions>) {
      await console.close()
      await shop.open(options)
    },
    request: (operation: string, input: object) => ({
      environment: shop.environment,
      operation,
      input: { database: 'shop', ...input },
    }),
    async tables() {
      const found = await rows`select tablename from pg_tables where schemaname = 'public' order by 1`
      return found.map(row => row.tablename)
    },
    /** From the preview to the end of the run, as an operator would do it. */
    async act(operation: string, input: object, actor: Actor = admin): Promise<Run> {
      const asked = shop.request(operation, input)
      const { token } = await console.runner.preview(actor, asked)
      const { id } = await console.runner.run(actor, { ...asked, token, typedName: 'shop' })
      return shop.over(id)
    },
    over: (id: string) =>
      vi.waitFor(
        async () => {
          const run = await console.runner.find(admin, shop.environment, id)
          expect(run.finishedAt).toBeDefined()
          return run
        },
        { timeout: 15_000, interval: 100 },
      ),
    /** The database as the migrations page shows it. */
    async seen() {
      const { data } = await console.view(migrationsView, shop.environment, actorOf('viewer'), {})
      return data.databases[0]
    },
    async state() {
      const part = (await shop.seen())?.state
      return part?.status === 'up' ? part.data : undefined
    },
  }

  beforeAll(async () => {
    own = await createDatabase()
    await (await openTestConsole(testSettings({ databaseUrl: own.url, redisUrl: redisUrl() }))).close()
  })
  beforeEach(async () => {
    database = await createDatabase()
    rows = postgres(database.url, { max: 2, onnotice: () => {} })
    folder = await mkdtemp(join(tmpdir(), 'substation-console-migrations-'))
    await shop.write('0001_product', 'create table product (id int primary key)', 'drop table product')
    await shop.write('0002_price', 'alter table product add column price int', 'alter table product drop column price')
    settings = testSettings({ databaseUrl: own.url, redisUrl: redisUrl() })
    const [environment] = settings.environments
    const { url } = database
    if (environment) environment.databases = [{ name: 'shop', url, migrations: { folder, url } }]
    await shop.open()
  })
  afterEach(async () => {
    await console.close()
    await rows.end({ timeout: 1 })
    await rm(folder, { recursive: true })
    await database.drop()
  })
  afterAll(() => own.drop())
  return shop
}
