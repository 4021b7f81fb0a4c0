import { messageOf } from './errors.ts'

/** Data in versions, of which the older ones can still be read. `parse` is that of a zod schema, or any function that throws for what it does not accept. */
export interface Versioned<Data = unknown> {
  /** Raised with each change that an old reader could not read; 1 by default. */
  readonly version: number
  parse(value: unknown): Data
  /** By version: makes data of that version into data of the next one. */
  readonly upcasts: Readonly<Record<number, (data: unknown) => unknown>>
}

/** The first older version that nothing makes into the next one. */
export function missingUpcast({ version, upcasts }: Pick<Versioned, 'version' | 'upcasts'>): number | undefined {
  for (let older = 1; older < version; older++) if (!upcasts[older]) return older
  return undefined
}

/** Data of an older version in the known one, not yet parsed. */
export function upcastData({ version: known, upcasts }: Versioned, version: number, data: unknown): unknown {
  let upcast = data
  for (let older = version; older < known; older++) upcast = upcasts[older]?.(upcast)
  return upcast
}

/** What `parse` says is wrong: `items.0.price: expected number` from an error of zod, else its message. */
export function parseProblem(error: unknown): string {
  const { issues } = error as { issues?: { path?: PropertyKey[]; message?: string }[] }
  if (!Array.isArray(issues) || issues.length === 0) return messageOf(error)
  return issues.map(({ path = [], message = '' }) => `${path.map(String).join('.') || 'it'}: ${message}`).join('; ')
}
