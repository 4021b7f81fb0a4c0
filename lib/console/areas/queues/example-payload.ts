type Schema = Readonly<Record<string, unknown>>

/** Levels that are filled in: a schema may refer to itself. */
const DEPTH = 6
/** Values that are filled in: what a worker reports of itself must not keep the console busy. */
const NODES = 500

const FORMATS: ReadonlyMap<unknown, string> = new Map(
  Object.entries({
    'date-time': '2026-01-31T12:00:00Z',
    date: '2026-01-31',
    time: '12:00:00',
    email: 'someone@example.com',
    uri: 'https://example.com',
    uuid: '00000000-0000-4000-8000-000000000000',
  }),
)

/** A value that a JSON Schema accepts where that is simple, to be filled in: required fields only. */
export function exampleOf(schema: unknown): unknown {
  return filledIn(schema, { root: schema, left: NODES }, 0)
}

function filledIn(schema: unknown, filling: { root: unknown; left: number }, depth: number): unknown {
  if (depth > DEPTH || --filling.left < 0 || !isSchema(schema)) return null
  const inner = (of: unknown) => filledIn(of, filling, depth + 1)
  const { type, examples, enum: values, anyOf, oneOf, allOf, $ref, required, properties } = schema
  if ('default' in schema) return schema.default
  if ('const' in schema) return schema.const
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if (Array.isArray(values)) return values[0]
  if (typeof $ref === 'string') return inner(referred(filling.root, $ref))
  for (const choices of [anyOf, oneOf, allOf]) if (Array.isArray(choices)) return inner(choices[0])
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object': {
      const names = Array.isArray(required) ? required.slice(0, NODES).filter(name => typeof name === 'string') : []
      const fields = isSchema(properties) ? properties : {}
      return Object.fromEntries([...new Set(names)].map(name => [name, inner(fields[name])]))
    }
    case 'array':
      return numberOf(schema.minItems) > 0 ? [inner(schema.items)] : []
    case 'string':
      return FORMATS.get(schema.format) ?? 'x'.repeat(Math.min(100, Math.max(0, numberOf(schema.minLength))))
    case 'integer':
    case 'number': {
      const { minimum, exclusiveMinimum } = schema
      return Math.max(numberOf(minimum), exclusiveMinimum === undefined ? 0 : numberOf(exclusiveMinimum) + 1)
    }
    case 'boolean':
      return false
    default:
      return null
  }
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null

const numberOf = (value: unknown) => (typeof value === 'number' ? value : 0)

/** `#/$defs/Address` */
function referred(root: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => (at as Schema | undefined)?.[part], root)
}
