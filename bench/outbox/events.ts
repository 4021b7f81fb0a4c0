import postgres from 'postgres'

export const COUNT = 20_000

export interface OutboxInput {
  redisUrl: string
  databaseUrl: string
  prefix: string
}

/** So many events that wait to be sent, as `publish` stores them. */
export async function fillOutbox(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  await sql`truncate substation_app.event_outbox`
  await sql`
    insert into substation_app.event_outbox (id, type, version, data, key, source, correlation_id, published_at)
    select 'event-' || n, 'order.paid', 1, '{"id":"order-' || n || '","cents":4200,"items":["a","b","c"]}', 'customer-' || n % 1000,
      'shop', 'event-' || n, now() from generate_series(1, ${COUNT}) n`
  await sql.end()
}

/** The events of the table as they go into a queue. */
export interface PendingRow {
  position: string
  id: string
  type: string
  data: string
  key: string
}
