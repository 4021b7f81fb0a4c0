import { type EntityDefinition, RepositoryError, type RepositoryScope } from './port.ts'
import type { FieldCondition, Managed, Row } from './row-store.ts'

/** What is written for one tenant and actor: callers' values of the fields that are theirs, and those of the repository. */
export class ScopedValues {
  readonly onCreate: Managed
  readonly onChange: Managed
  /** Of a soft removal; absent where rows are deleted. */
  readonly removal: Managed | undefined
  readonly tenant: FieldCondition[]
  readonly #definition: EntityDefinition
  readonly #id: string
  readonly #fields: ReadonlySet<string>
  readonly #managed: ReadonlySet<string>

  constructor(definition: EntityDefinition, scope: RepositoryScope, fields: ReadonlySet<string>) {
    const { createdAt, createdBy, updatedAt, updatedBy, removedAt, version } = definition
    this.#definition = definition
    this.#fields = fields
    this.#id = definition.id ?? 'id'
    const managed = [definition.tenant, createdAt, createdBy, updatedAt, updatedBy, removedAt, version]
    this.#managed = new Set(managed.filter(field => field !== undefined))
    this.#checkNames()
    const tenant = this.#tenantOf(scope)
    this.tenant = Object.entries(tenant).map(([field, value]) => ({ field, operator: 'eq', value }))
    const by = (...names: (string | undefined)[]) =>
      Object.fromEntries(names.flatMap(name => (name === undefined ? [] : [[name, scope.actor ?? null]])))
    const now = (...names: (string | undefined)[]) => names.filter(name => name !== undefined)
    this.onCreate = {
      now: now(createdAt, updatedAt),
      values: { ...tenant, ...by(createdBy, updatedBy), ...(version === undefined ? {} : { [version]: 1 }) },
    }
    const raised = version === undefined ? {} : { version }
    this.onChange = { now: now(updatedAt), values: by(updatedBy), ...raised }
    this.removal =
      removedAt === undefined ? undefined : { now: now(updatedAt, removedAt), values: by(updatedBy), ...raised }
  }

  created(value: object): Row {
    const row = this.#own(value)
    if (row[this.#id] === undefined && this.#definition.newId) row[this.#id] = this.#definition.newId()
    return row
  }

  changed(value: object): Row {
    const row = this.#own(value)
    if (this.#id in row) throw this.#refused(`The ${this.#id} of a ${this.#definition.name} cannot be changed`)
    return row
  }

  /** A tenant's unique values are its own; an id is unique over all, so the row must be the tenant's. */
  upsertRules(by: readonly string[] = [this.#id]) {
    const { tenant, removedAt } = this.#definition
    for (const field of by)
      if (!this.#fields.has(field) || (this.#managed.has(field) && field !== tenant))
        throw this.#refused(`A ${this.#definition.name} is not found by ${JSON.stringify(field)}`)
    const isById = by.length === 1 && by[0] === this.#id
    const { now, values, version } = this.onChange
    return {
      by: isById || tenant === undefined ? [...by] : [...new Set([tenant, ...by])],
      created: this.onCreate,
      changed: {
        now,
        values: { ...values, ...(removedAt === undefined ? {} : { [removedAt]: null }) },
        ...(version === undefined ? {} : { version }),
      },
      guard: this.tenant,
    }
  }

  versionField(): string {
    const { version, name } = this.#definition
    if (version !== undefined) return version
    throw new RepositoryError(`${name} has no version`, { code: 'REPOSITORY_UNSUPPORTED' })
  }

  /** Fields that were left undefined are left out. */
  #own(value: object): Row {
    const row: Row = {}
    for (const [field, one] of Object.entries(value)) {
      if (this.#managed.has(field))
        throw this.#refused(`${field} of a ${this.#definition.name} is set by its repository`)
      if (!this.#fields.has(field)) throw this.#refused(`A ${this.#definition.name} has no ${JSON.stringify(field)}`)
      if (one !== undefined) row[field] = one
    }
    return row
  }

  #tenantOf({ tenant }: RepositoryScope): Row {
    const { tenant: field, name } = this.#definition
    if (field === undefined) return {}
    if (typeof tenant === 'string' && tenant !== '') return { [field]: tenant }
    throw new RepositoryError(`The repository of ${name} needs a tenant`, {
      code: 'REPOSITORY_TENANT',
      nextStep: 'Pass the tenant of the request: it is never read from the values.',
    })
  }

  /** A name of the definition that the entity lacks would not be scoped, set or checked. */
  #checkNames(): void {
    const { name, filterable, sortable } = this.#definition
    const unknown = [this.#id, ...this.#managed, ...filterable, ...sortable].find(field => !this.#fields.has(field))
    if (unknown !== undefined)
      throw this.#refused(`The definition of ${name} names ${JSON.stringify(unknown)}, which it has not`)
  }

  #refused(message: string): RepositoryError {
    return new RepositoryError(message, { code: 'REPOSITORY_VALUE' })
  }
}
