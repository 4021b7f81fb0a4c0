type Schema = Readonly<Record<string, unknown>>

/** Levels that are filled in: a schema may refer to itself. */
const DEPTH = 6

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  time: '12:00:00',
  email: 'someone@example.com',
  uri: 'https://example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
}

/** A value that a JSON Schema accepts where that is simple, to be filled in: required fields only. */
export function exampleOf(schema: Schema, root: Schema = schema, depth = 0): unknown {
  if (depth > DEPTH) return null
  const inner = (of: unknown) => exampleOf((of ?? {}) as Schema, root, depth + 1)
  const { type, examples, enum: values, anyOf, oneOf, allOf, $ref } = schema as Record<string, unknown>
  if ('default' in schema) return schema.default
  if ('const' in schema) return schema.const
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if (Array.isArray(values)) return values[0]
  if (typeof $ref === 'string') return inner(referred(root, $ref))
  for (const choices of [anyOf, oneOf, allOf]) if (Array.isArray(choices)) return inner(choices[0])
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object': {
      const { properties = {}, required = [] } = schema as { properties?: Schema; required?: string[] }
      return Object.fromEntries(required.map(name => [name, inner(properties[name])]))
    }
    case 'array':
      return Number(schema.minItems ?? 0) > 0 ? [inner(schema.items)] : []
    case 'string':
      return FORMATS[String(schema.format)] ?? 'x'.repeat(Math.min(100, Number(schema.minLength ?? 0)))
    case 'integer':
    case 'number': {
      const { minimum, exclusiveMinimum } = schema as { minimum?: number; exclusiveMinimum?: number }
      return Math.max(minimum ?? 0, exclusiveMinimum === undefined ? 0 : exclusiveMinimum + 1)
    }
    case 'boolean':
      return false
    default:
      return null
  }
}

/** `#/$defs/Address` */
function referred(root: Schema, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => (at as Schema | undefined)?.[part], root)
}
