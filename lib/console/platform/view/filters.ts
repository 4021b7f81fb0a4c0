import type { z } from 'zod'

export interface Dropped {
  filter: string
  problem: string
}

/**
 * Filters from a URL. What does not parse is replaced by its default and reported, so that an old or mangled link still opens;
 * names that the view does not know are reported too.
 */
export function parseFilters<Filters extends z.ZodObject>(
  schema: Filters,
  raw: Readonly<Record<string, unknown>>,
): { filters: z.output<Filters>; dropped: Dropped[] } {
  const values: Record<string, unknown> = {}
  const dropped: Dropped[] = []
  for (const [name, field] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
    const given = raw[name]
    const text = Array.isArray(given) ? given.at(-1) : given
    const parsed = field.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else {
      dropped.push({ filter: name, problem: problemOf(parsed.error) })
      values[name] = field.parse(undefined)
    }
  }
  return { filters: values as z.output<Filters>, dropped }
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue?.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  return issue?.message ?? 'not valid'
}

/** The same filters always give the same text, whatever order they came in. */
export function canonical(filters: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1)))
}
