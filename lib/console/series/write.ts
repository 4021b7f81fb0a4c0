import { sql } from 'drizzle-orm'
import type { Tx } from '../platform/store/port.ts'
import type { Cell } from './cells.ts'
import { STEP } from './steps.ts'

/** How exact `last_at` is (ms): it decides which series are still listed, and when a name is deleted. */
export const SEEN_EVERY = 600_000

/** Writes cells, and the names of new series. A cell written again replaces the earlier one. */
export function sampleWriter(environment: string) {
  const known = new Map<string, { id: number; at: number }>()

  /** The ids of these names; those that are new or were not updated for a while are written in one statement. */
  async function note(tx: Tx, cells: readonly Cell[], now: number) {
    const due = new Map<string, { service: string; name: string; kind: string }>()
    for (const { service, series, kind } of cells) {
      const key = keyOf(service, series)
      const seen = known.get(key)
      if (!seen || now - seen.at > SEEN_EVERY) due.set(key, { service, name: series, kind })
    }
    if (due.size === 0) return
    const rows = await tx.execute<{ id: number; service: string; name: string }>(sql`
      insert into substation.series (environment, service, name, kind, last_at)
      select ${environment}, t.service, t.name, t.kind, to_timestamp(${now}::float8 / 1000)
      from jsonb_to_recordset(${JSON.stringify([...due.values()])}::text::jsonb) as t(service text, name text, kind text)
      on conflict (environment, service, name) do update set kind = excluded.kind, last_at = excluded.last_at
      returning id, service, name`)
    for (const { id, service, name } of rows) known.set(keyOf(service, name), { id, at: now })
  }

  return {
    async write(tx: Tx, cells: readonly Cell[], now: number): Promise<void> {
      if (cells.length === 0) return
      await note(tx, cells, now)
      const rows = cells.flatMap(({ step, service, series, value, spread }) => {
        const id = known.get(keyOf(service, series))?.id
        return id === undefined ? [] : [{ s: id, b: step * STEP, v: value, spread }]
      })
      await tx.execute(sql`
        insert into substation.sample (series, bucket, value, spread)
        select t.s, to_timestamp(t.b / 1000), t.v, t.spread
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as t(s integer, b float8, v float8, spread real[])
        on conflict (series, bucket) do update set value = excluded.value, spread = excluded.spread`)
    },
    /** Forgets the ids: they may be gone with a lost lead, or with a transaction that was rolled back. */
    forget: () => known.clear(),
  }
}

function keyOf(service: string, series: string): string {
  return `${service}\n${series}`
}
