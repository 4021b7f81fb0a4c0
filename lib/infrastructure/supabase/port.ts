import type { EntityDefinition, RepositoryScope, RowStore } from '../database/index.ts'

/** What a field is in the entity: `decimal` is text without loss, `date` a Date, `json` anything. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'date' | 'decimal' | 'json'

export interface SupabaseField {
  kind: FieldKind
  /** The field in small letters with `_` between its words, when absent. */
  column?: string
  nullable?: true
  /** The database has a value for it when it is left out. */
  hasDefault?: true
}

/** An entity, the table it is kept in, and how its fields are written there. */
export interface SupabaseDefinition<Fields extends Record<string, SupabaseField> = Record<string, SupabaseField>>
  extends EntityDefinition<keyof Fields & string> {
  table: string
  fields: Fields
}

/** Of whom a repository acts: with the token of a request the database's policies (row-level security) decide what it may see. */
export interface SupabaseScope extends RepositoryScope {
  /** A JWT, or what has a fresh one. A service key is one for which no policies hold: then only the tenant limits what is seen. */
  token: string | (() => string | Promise<string>)
  /** Whose token it is, such as the id of the user. Needed with a cache: what one may see is not cached for another. */
  subject?: string
}

export interface SupabaseSettings {
  /** Of the project: `https://….supabase.co`. */
  url: string
  /** The publishable (anon) key. */
  key: string
  /** Of a request in ms: 10,000 when absent. */
  timeoutMs?: number
}

/** A project of Supabase, for the constructors of repositories. */
export interface Supabase {
  store(definition: SupabaseDefinition, token: SupabaseScope['token']): RowStore
}
