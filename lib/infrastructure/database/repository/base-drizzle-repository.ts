import type { InferInsertModel, InferSelectModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { DrizzleRepositories } from './create.ts'
import type { Change, New, ScopeOf } from './definition.ts'
import type { EntityDefinition, RepositoryScope } from './port.ts'
import { ScopedRepository } from './scoped-repository.ts'

export interface DrizzleDefinition<Field extends string = string> extends EntityDefinition<Field> {
  /** Each change is noted in `substation_app.entity_change` by the statement that makes it; `hidden` fields without their values. */
  audit?: true | { hidden: readonly Field[] }
}

/** The fields of a table's entity. */
export type FieldOf<Table extends PgTable> = keyof InferSelectModel<Table> & string

/** Keeps the literal names of the fields, from which the types of new entities and changes follow. */
export function defineDrizzleEntity<Table extends PgTable, const Definition extends DrizzleDefinition<FieldOf<Table>>>(
  table: Table,
  definition: Definition,
): Definition & { table: Table } {
  return { ...definition, table }
}

/** A repository of one table. Extend it with the questions of an entity; `scope` says for whom it works, and cannot be left out where there are tenants. */
export class BaseDrizzleRepository<
  Table extends PgTable,
  Definition extends DrizzleDefinition<FieldOf<Table>>,
> extends ScopedRepository<
  InferSelectModel<Table>,
  New<InferInsertModel<Table>, Definition>,
  Change<InferInsertModel<Table>, Definition>
> {
  constructor(
    definition: Definition & { table: Table },
    { cache, store }: DrizzleRepositories,
    scope: ScopeOf<Definition>,
  ) {
    const { table, name, id = 'id', audit } = definition
    const { tenant, actor } = scope as RepositoryScope
    const hidden = typeof audit === 'object' ? audit.hidden : []
    const trail = audit === undefined ? undefined : { entity: name, tenant, actor, hidden }
    super(definition, scope as RepositoryScope, {
      store: store({ name, id, table, trail }),
      ...(cache ? { cache } : {}),
    })
  }
}
