import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase as createTestDatabase } from '../../testing/servers.ts'
import { createDatabase } from '../index.ts'

let server: Awaited<ReturnType<typeof createTestDatabase>>
let database: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  server = await createTestDatabase()
  database = await createDatabase({ url: server.url, maxConnections: 1 })
})
afterAll(async () => {
  await database.close()
  await server.drop()
})

test.each([
  [`array['a', null]::text[]`, ['a', null]],
  [`array[null, 'b']::text[]`, [null, 'b']],
  [`array[null]::text[]`, [null]],
  [`array['NULL', null, 'null', '']::text[]`, ['NULL', null, 'null', '']],
  [`array[1, null, 3]`, [1, null, 3]],
  [
    `array[[1, null], [null, 4]]`,
    [
      [1, null],
      [null, 4],
    ],
  ],
  [`array[e'a"b', e'c\\\\d', 'e,f', '{g}', 'h i', e'j\\nk']`, ['a"b', 'c\\d', 'e,f', '{g}', 'h i', 'j\nk']],
  [
    `array[[['a,}'], [null]], [['"'], ['c']]]::text[]`,
    [
      [['a,}'], [null]],
      [['"'], ['c']],
    ],
  ],
  [`array[true, null]`, [true, null]],
  [`array['{"a": [1, null]}', null]::jsonb[]`, [{ a: [1, null] }, null]],
  [`array[box '(1,2),(3,4)', null]`, ['(3,4),(1,2)', null]],
  [`'{}'::text[]`, []],
  [`'[2:3]={x,NULL}'::text[]`, ['x', null]],
])('%s is read as it is', async (sql, value) => {
  const [row] = await database.sql.unsafe(`select ${sql} as value`)
  expect(row?.value).toEqual(value)
})

test('what was read is written again as it was, also of types of the database itself', async () => {
  const { sql } = database
  await sql`create type colour as enum ('red', 'green')`
  await sql`create table paint (colours colour[], words text[])`
  // A type is known to connections that begin after it was made.
  const later = await createDatabase({ url: server.url, maxConnections: 1 })
  await later.sql`insert into paint values (array['red', null]::colour[], ${['x', null, 'NULL']}::text[])`
  expect(await later.sql`select * from paint`).toEqual([{ colours: ['red', null], words: ['x', null, 'NULL'] }])
  await later.close()
})
