import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrationBench } from '../testing/migration-bench.ts'
import { createDatabase } from '../testing/servers.ts'
import { seedDatabase } from './index.ts'
import type { MigrationBench } from './migrations.contract.ts'

let bench: MigrationBench
beforeEach(async () => {
  bench = await migrationBench('folder', await createDatabase())
  await bench.sql`create table product (id int primary key, name text)`
  await bench.write('0001_products', "insert into product values (1, 'one') on conflict do nothing")
  for (const environment of ['staging', 'production']) await mkdir(join(bench.folder, environment))
  await writeFile(join(bench.folder, 'staging', '0001_more.sql'), "insert into product values (2, 'two')")
  await writeFile(join(bench.folder, 'production', '0001_rates.sql'), "insert into product values (3, 'rate')")
})
afterEach(() => bench.close())

const seed = (environment: string) => seedDatabase({ url: bench.url, folder: bench.folder, environment, by: 'ada' })
const ids = async () => (await bench.sql`select id from product order by id`).map(({ id }) => id)

test('an environment gets the common seeds and its own, once; production only its own', async () => {
  expect(await seed('staging')).toEqual(['0001_products', 'staging/0001_more'])
  expect(await seed('staging')).toEqual([])
  expect(await ids()).toEqual([1, 2])
  expect(await seed('development')).toEqual([])
  expect(await seed('production')).toEqual(['production/0001_rates'])
  expect(await bench.sql`select name, environment, applied_by from substation_migrations.seed order by name`).toEqual([
    { name: '0001_products', environment: 'staging', applied_by: 'ada' },
    { name: 'production/0001_rates', environment: 'production', applied_by: 'ada' },
    { name: 'staging/0001_more', environment: 'staging', applied_by: 'ada' },
  ])
})

test('a changed seed runs again; one that fails leaves nothing of itself', async () => {
  await seed('development')
  await bench.write('0001_products', "insert into product values (7, 'seven') on conflict do nothing")
  expect(await seed('development')).toEqual(['0001_products'])
  await bench.write('0002_bad', "insert into product values (8, 'eight'); insert into product values (8, 'again')")
  await expect(seed('development')).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    migration: '0002_bad',
    left: 'nothing',
  })
  expect(await ids()).toEqual([1, 7])
  await bench.write('0002_bad', 'begin')
  await expect(seed('development')).rejects.toMatchObject({ code: 'MIGRATION_UNRUNNABLE' })
})
