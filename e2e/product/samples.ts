import postgres from 'postgres'
import { databaseUrl, ENVIRONMENT } from './product.ts'

const STEP = 10_000

/** Figures as the sampler writes them: rates of a service in steps of ten seconds, of which the last ended `ago` ms ago. */
export async function writeSamples(
  service: string,
  ago: number,
  rates: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  const sql = postgres(databaseUrl('substation'), { max: 1, onnotice: () => {} })
  const last = Math.floor((Date.now() - ago) / STEP)
  try {
    for (const [name, values] of Object.entries(rates)) {
      const [series] = await sql<{ id: number }[]>`
        insert into substation.series (environment, service, name, kind, last_at)
        values (${ENVIRONMENT}, ${service}, ${name}, 'rate', now())
        on conflict (environment, service, name) do update set last_at = excluded.last_at
        returning id`
      const id = series?.id ?? 0
      for (const [index, value] of values.entries()) {
        const at = new Date((last - values.length + index) * STEP)
        await sql`insert into substation.sample (series, bucket, value) values (${id}, ${at}, ${value})
          on conflict (series, bucket) do update set value = excluded.value`
      }
    }
  } finally {
    await sql.end()
  }
}
