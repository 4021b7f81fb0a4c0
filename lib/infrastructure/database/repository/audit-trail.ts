import type postgres from 'postgres'
import type { EntityId } from './port.ts'
import type { ChangeKind } from './row-store.ts'

export interface EntityChange {
  action: ChangeKind
  /** Who, as the repository was told. */
  actor: string | null
  at: Date
  /** The row by the names of its columns, without the hidden ones; null before it was there. */
  before: Record<string, unknown> | null
  /** Null once it was erased. */
  after: Record<string, unknown> | null
}

/** What happened to one entity of a tenant, the newest first; `tenant` is left out for entities that have none. */
export async function entityChanges(
  sql: postgres.ISql | postgres.Sql,
  { entity, id, tenant, limit = 100 }: { entity: string; id: EntityId; tenant?: string; limit?: number },
): Promise<EntityChange[]> {
  const rows = await sql<(Omit<EntityChange, 'at'> & { at: number })[]>`
    select action, actor, (extract(epoch from at) * 1000)::float8 as at, before, after
    from substation_app.entity_change
    where entity = ${entity} and entity_id = ${String(id)} and tenant is not distinct from ${tenant ?? null}
    order by id desc limit ${limit}`
  return rows.map(({ at, ...change }) => ({ ...change, at: new Date(at) }))
}
