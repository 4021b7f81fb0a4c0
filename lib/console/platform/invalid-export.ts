import { RefusalError } from './refusal.ts'

/** Refuses an export with a filter that is not valid: dropped as on a page, it would make half a file that looks like a whole one. */
export function invalidExport(fields: Record<string, string>): RefusalError {
  return new RefusalError({
    code: 'invalid',
    message: 'The export has a filter that is not valid.',
    nextStep: 'Correct the fields named and request it again.',
    fields,
  })
}
