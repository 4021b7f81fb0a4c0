import { z } from 'zod'
import type { Token } from './adapters/sql-parser.ts'
import { type Replacement, splice } from './splice.ts'

const PARAMETER_TYPES = ['text', 'number', 'boolean', 'time', 'uuid'] as const
export type ParameterType = (typeof PARAMETER_TYPES)[number]

export const Parameter = z.strictObject({
  name: z.string().regex(/^[a-z_][a-z0-9_]{0,40}$/, 'must be lower-case letters, digits and underscores'),
  type: z.enum(PARAMETER_TYPES),
})
export type Parameter = z.output<typeof Parameter>

const MOST = 20
export const Parameters = z
  .array(Parameter)
  .max(MOST)
  .refine(all => new Set(all.map(({ name }) => name)).size === all.length, 'must each have a name of its own')

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i
const WHOLE = /^[+-]?\d{1,18}$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const TIME = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/

/** What a value must be, in words, and the type by which Postgres reads it. */
const KINDS: Record<ParameterType, { fits(value: string): boolean; must: string; cast(value: string): string }> = {
  text: { fits: value => value.length <= 1_000, must: 'must have at most 1,000 characters', cast: () => 'text' },
  // A whole number as such: an index of integers is not used for a numeric.
  number: {
    fits: value => NUMBER.test(value),
    must: 'must be a number',
    cast: value => (WHOLE.test(value) ? 'int8' : 'numeric'),
  },
  boolean: { fits: value => /^(true|false)$/.test(value), must: 'must be true or false', cast: () => 'bool' },
  time: {
    // Whether its day and hour exist, Postgres says.
    fits: value => TIME.test(value) && !Number.isNaN(Date.parse(value.slice(0, 10))),
    must: 'must be a date or a time such as 2026-01-31 or 2026-01-31 14:30',
    cast: () => 'timestamptz',
  },
  uuid: { fits: value => UUID.test(value), must: 'must be a UUID', cast: () => 'uuid' },
}

export interface Bound {
  /** The text with `$1`, `$2`, … in place of the names. */
  text: string
  values: string[]
}

/**
 * The text with its named parameters as numbered ones, and their values, which are bound and never a part of the text. Without values, each gets one
 * of its type: for a text that is only checked.
 */
export function bindParameters(
  text: string,
  tokens: readonly Token[],
  declared: readonly Parameter[],
  given: Readonly<Record<string, string>> | undefined,
): Bound | { problem: string; ofValue: boolean } {
  if (tokens.some(({ text: token }) => /^\$\d+$/.test(token)))
    return { problem: 'Parameters have names: write :customer rather than $1.', ofValue: false }
  const values: string[] = []
  const numbered = new Map<string, string>()
  const replacements: Replacement[] = []
  for (const { name, start, end } of placesOf(tokens)) {
    let by = numbered.get(name)
    if (by === undefined) {
      const type = declared.find(one => one.name === name)?.type
      if (type === undefined) return { problem: `The parameter :${name} has no type.`, ofValue: false }
      const value = given ? given[name] : EXAMPLES[type]
      if (value === undefined) return { problem: `:${name} has no value.`, ofValue: true }
      const kind = KINDS[type]
      if (!kind.fits(value)) return { problem: `:${name} ${kind.must}.`, ofValue: true }
      by = `($${values.push(value)}::text::${kind.cast(value)})`
      numbered.set(name, by)
    }
    replacements.push({ start, end, by })
  }
  return { text: splice(text, replacements), values }
}

const EXAMPLES: Record<ParameterType, string> = {
  text: '',
  number: '0',
  boolean: 'true',
  time: '2026-01-01',
  uuid: '00000000-0000-0000-0000-000000000000',
}

/** A colon right before a word; `::` is one token of its own, and a colon in a string is none. */
function placesOf(tokens: readonly Token[]): { name: string; start: number; end: number }[] {
  return tokens.flatMap((token, at) => {
    const next = tokens[at + 1]
    if (token.text !== ':' || next?.start !== token.end || !/^[a-z_]\w*$/i.test(next.text)) return []
    return [{ name: next.text.toLowerCase(), start: token.start, end: next.end }]
  })
}
