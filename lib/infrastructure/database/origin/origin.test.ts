import { describe, expect, test } from 'vitest'
import { createDatabase } from '../../testing/servers.ts'
import {
  createDatabase as database,
  originComment,
  originIn,
  statementOrigins,
  withOrigin,
  withoutOrigin,
} from '../index.ts'

describe('the comment of a statement', () => {
  test('says who sends it, and is read back', () => {
    const text = withOrigin('select 1;', { service: 'checkout', route: '/orders/:id', job: undefined })
    expect(text).toBe("select 1 /*route='%2Forders%2F%3Aid',service='checkout'*/")
    expect(originIn(text)).toEqual({ route: '/orders/:id', service: 'checkout' })
    expect(withoutOrigin(text)).toBe('select 1')
  })

  test.each(["it's", '*/ drop table x --', 'a=b,c', 'ümlaut 100 %', '\\'])('%s cannot end the comment', value => {
    const comment = originComment({ route: value })
    expect(comment.slice(2, -2)).not.toMatch(/\*|^[^']*'[^']*'[^']/)
    expect(originIn(`select 1 ${comment}`)).toEqual({ route: value })
  })

  test('is left out where there is nothing to say, and not written twice', () => {
    expect(withOrigin('select 1', {})).toBe('select 1')
    const once = withOrigin('select 1', { service: 'a' })
    expect(withOrigin(once, { service: 'b' })).toBe(once)
  })

  test('of others is read, and what is none is not', () => {
    expect(originIn("select 1 /*action='%2Fpolls',framework='django%3A4',traceparent='00-5b-c9-01'*/")).toEqual({
      action: '/polls',
      framework: 'django:4',
      traceparent: '00-5b-c9-01',
    })
    expect(originIn("select 1 /*a='\\'x'*/")).toEqual({ a: "'x" })
    expect(originIn("select 1 /*a='%zz'*/")).toEqual({ a: '%zz' })
    expect(originIn('select 1 /* only words */')).toBeUndefined()
  })
})

test('a pool writes it behind every statement: of sql, of orm, in transactions, prepared or not', async () => {
  const { url, drop } = await createDatabase()
  const origins = statementOrigins({ service: 'checkout' })
  const { sql, orm, close } = await database({ url }, { origin: origins.current })
  const sent = async (query: PromiseLike<readonly { query?: unknown }[]>) => originIn(String((await query)[0]?.query))
  const text = 'select current_query() as query'
  expect(await sent(sql`select current_query() as query`)).toEqual({ service: 'checkout' })
  await origins.within({ route: '/orders' }, async () => {
    expect(await sent(sql`select current_query() as query, ${1}::int as one`)).toEqual({
      service: 'checkout',
      route: '/orders',
    })
    expect(await sent(sql.unsafe(text))).toEqual({ service: 'checkout', route: '/orders' })
    await sql.begin(async transaction => {
      expect(await sent(transaction`select current_query() as query`)).toEqual({
        service: 'checkout',
        route: '/orders',
      })
      await origins.within({ job: 'capture' }, async () =>
        expect(await sent(transaction.unsafe(text, []))).toEqual({
          service: 'checkout',
          route: '/orders',
          job: 'capture',
        }),
      )
    })
    expect(await sent(orm.execute(text) as unknown as Promise<{ query: string }[]>)).toEqual({
      service: 'checkout',
      route: '/orders',
    })
  })
  expect(await sql`select ${sql`1 + 1`} as sum`).toEqual([{ sum: 2 }])
  await close()
  await drop()
})

test('a pool without an origin changes nothing', async () => {
  const { url, drop } = await createDatabase()
  const { sql, close } = await database({ url }, { origin: () => ({}) })
  expect(await sql`select current_query() as query`).toEqual([{ query: 'select current_query() as query' }])
  await close()
  await drop()
})
