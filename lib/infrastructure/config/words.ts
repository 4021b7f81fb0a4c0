import type { z } from 'zod'

/**
 * A zod error as the end of a sentence that starts with the variable's name. Says what is expected and never what was
 * given: the value may be a secret.
 */
export function problemOf(text: string | undefined, error: z.ZodError, description?: string): string {
  if (text === undefined) return description ? `is missing: ${description}` : 'is missing'
  const sentences = error.issues.map(issue => (issue.path.length > 0 ? `${issue.path.join('.')}: ` : '') + words(issue))
  return [...new Set(sentences)].join('; ')
}

function words(issue: z.core.$ZodIssue): string {
  // A message written for this field starts like the end of a sentence; zod's own start with a capital.
  if (/^[a-z]/.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'number' || issue.expected === 'int'
        ? 'must be a number'
        : `must be a ${issue.expected}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.origin === 'string'
        ? `must have at least ${issue.minimum} characters`
        : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`
    case 'invalid_format':
      return issue.format === 'regex' ? 'does not have the expected form' : `must be a valid ${issue.format}`
    default:
      return 'is not valid'
  }
}
