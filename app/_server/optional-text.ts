import { RefusalError } from '@/lib/console/platform/refusal'

/** A field of a body that is text or absent. */
export function optionalText(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return
  if (typeof value === 'string' && value.length <= 4_000) return value
  throw new RefusalError({
    code: 'invalid',
    message: `${field} must be text.`,
    fields: { [field]: 'must be text of at most 4,000 characters' },
  })
}
