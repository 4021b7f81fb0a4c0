export { BaseSupabaseRepository } from './base-supabase-repository.ts'
export { createSupabase } from './create.ts'
export { defineSupabaseEntity, type EntityOf, type InsertOf } from './definition.ts'
export type {
  FieldKind,
  Supabase,
  SupabaseDefinition,
  SupabaseField,
  SupabaseScope,
  SupabaseSettings,
} from './port.ts'
