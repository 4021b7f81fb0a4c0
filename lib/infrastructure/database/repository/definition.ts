import type { EntityDefinition, RepositoryScope } from './port.ts'

type ManagedKey = 'tenant' | 'removedAt' | 'version' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy'

/** The fields that a definition leaves to the repository. */
type ManagedField<Definition> = {
  [Key in ManagedKey]: Definition extends { [K in Key]: infer Field extends string } ? Field : never
}[ManagedKey]

type IdField<Definition> = Definition extends { id: infer Field extends string } ? Field : 'id'
type OptionalId<Definition> = Definition extends { newId: unknown } ? IdField<Definition> : never

/** What callers give for a new entity: all but what the repository sets, and the id where that is made. */
export type New<Insert extends object, Definition> = Omit<Insert, ManagedField<Definition> | OptionalId<Definition>> &
  Partial<Pick<Insert, OptionalId<Definition> & keyof Insert>>

/** What callers can change. */
export type Change<Insert extends object, Definition> = Partial<
  Omit<Insert, ManagedField<Definition> | IdField<Definition>>
>

/** With a tenant, where the entity has them. */
export type ScopeOf<Definition> =
  Definition extends Pick<Required<EntityDefinition>, 'tenant'> ? RepositoryScope & { tenant: string } : RepositoryScope
