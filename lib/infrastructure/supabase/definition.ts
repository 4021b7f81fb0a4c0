import type { SupabaseDefinition, SupabaseField } from './port.ts'

interface Kinds {
  text: string
  number: number
  boolean: boolean
  date: Date
  decimal: string
  json: unknown
}
type ValueOf<Field extends SupabaseField> = Kinds[Field['kind']] | (Field extends { nullable: true } ? null : never)
type Fields = Record<string, SupabaseField>
type Optional<Of extends Fields> = {
  [Name in keyof Of]: Of[Name] extends { nullable: true } | { hasDefault: true } ? Name : never
}[keyof Of]

export type EntityOf<Of extends Fields> = { -readonly [Name in keyof Of]: ValueOf<Of[Name]> }

/** A row that is added: what is nullable or has a default may be left out. */
export type InsertOf<Of extends Fields> = Omit<EntityOf<Of>, Optional<Of>> & Partial<Pick<EntityOf<Of>, Optional<Of>>>

/** Keeps the literal names and kinds, from which the types of the entity follow. */
export function defineSupabaseEntity<const Of extends Fields, const Definition extends SupabaseDefinition<Of>>(
  definition: Definition & { fields: Of },
): Definition & { fields: Of } {
  return definition
}
