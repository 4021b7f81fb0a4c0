import type { Cache } from '../cache/index.ts'
import { type Change, type New, RepositoryError, ScopedRepository, type ScopeOf } from '../database/index.ts'
import type { EntityOf, InsertOf } from './definition.ts'
import type { Supabase, SupabaseDefinition, SupabaseField, SupabaseScope } from './port.ts'

/** A repository of one table behind PostgREST, for the tenant and with the token of its scope. */
export class BaseSupabaseRepository<
  Fields extends Record<string, SupabaseField>,
  Definition extends SupabaseDefinition<Fields>,
> extends ScopedRepository<EntityOf<Fields>, New<InsertOf<Fields>, Definition>, Change<InsertOf<Fields>, Definition>> {
  constructor(
    definition: Definition & { fields: Fields },
    { supabase, cache }: { supabase: Supabase; cache?: Cache },
    scope: ScopeOf<Definition> & Pick<SupabaseScope, 'token' | 'subject'>,
  ) {
    const { token, subject } = scope
    if (typeof token !== 'function' && !token)
      throw new RepositoryError(`The repository of ${definition.name} needs a token`, {
        code: 'REPOSITORY_DENIED',
        nextStep: 'Pass the token of the request, whose policies are to hold.',
      })
    if (cache && !subject)
      throw new RepositoryError(`The cached repository of ${definition.name} needs the subject of its token`, {
        code: 'REPOSITORY_DENIED',
        nextStep: 'Pass `subject`, such as the id of the user: what one may see must not be cached for another.',
      })
    super(definition, scope, {
      store: supabase.store(definition, token),
      ...(cache && subject ? { cache, cachedFor: subject } : {}),
    })
  }
}
