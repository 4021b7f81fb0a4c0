import { beforeAll } from 'vitest'
import { queryRowsView } from '../areas/database/views/query-rows.ts'
import { databaseConsole } from './database-console.ts'

/** A console that watches a database with 1,200 parcels, and runs queries there as an admin. */
export function queryConsole() {
  const shop = databaseConsole()
  beforeAll(async () => {
    await shop.bench.sql.unsafe(`
      create table public.parcel (id int primary key, code text unique, weight numeric, fragile bool, sent timestamptz, ref uuid, api_token text);
      insert into public.parcel select n, 'P' || n, n / 2.0, n % 2 = 0, '2026-03-01'::timestamptz + n * interval '1 day',
        ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'tok' from generate_series(1, 1200) n`)
  })
  async function ran(filters: Record<string, string>) {
    const { done } = await shop.read(queryRowsView, filters, 'admin')
    if (!done) throw new Error('nothing was run')
    return done.answer
  }
  return {
    shop,
    /** What a query answers, or why it was not run. */
    ran,
    async rowsOf(filters: Record<string, string>) {
      const answer = await ran(filters)
      if (answer.kind !== 'rows') throw new Error(answer.words)
      return answer
    },
    /** The filters of a text with one parameter, `:x`. */
    withValue: (text: string, type: string, value: string) => ({
      text,
      parameters: JSON.stringify([{ name: 'x', type }]),
      values: JSON.stringify({ x: value }),
    }),
  }
}
