import { RepositoryError, type RepositoryErrorCode } from '../../database/index.ts'

export interface PostgrestFailure {
  message: string
  /** A SQLSTATE, or a code of PostgREST such as `PGRST301`. */
  code?: string
  details?: string | null
  hint?: string | null
}

/** The port's error for an answer of PostgREST, or for none. https://docs.postgrest.org/en/v12/references/errors.html */
export function postgrestError(name: string, failure: PostgrestFailure, status: number): RepositoryError {
  const { code, retryable = false, nextStep } = kindOf(failure, status)
  const constraint = /constraint "([^"]+)"/.exec(failure.message)?.[1]
  return new RepositoryError(`${name}: ${failure.message || `the answer was ${status}`}`, {
    code: `REPOSITORY_${code}`,
    retryable,
    cause: failure,
    ...(constraint === undefined ? {} : { constraint }),
    ...(nextStep === undefined ? {} : { nextStep }),
  })
}

interface Kind {
  code: RepositoryErrorCode extends `REPOSITORY_${infer Code}` ? Code : never
  retryable?: boolean
  nextStep?: string
}

function kindOf({ code = '' }: PostgrestFailure, status: number): Kind {
  if (code === '23505') return { code: 'CONFLICT' }
  // Constraints and data exceptions.
  if (/^2[23]/.test(code)) return { code: 'VALUE' }
  if (code === '42501')
    return {
      code: 'DENIED',
      nextStep: 'Check the policies of the table (row-level security) for the role of this token.',
    }
  if (code.startsWith('PGRST3') || status === 401)
    return { code: 'DENIED', nextStep: 'The token is missing, expired or not signed for this project: get a new one.' }
  // No answer, or none of the database behind it.
  if (status === 0 || status >= 502 || /^PGRST00[0-3]$/.test(code))
    return { code: 'UNREACHABLE', retryable: true, nextStep: 'Check the address of the project, and that it runs.' }
  if (status === 429) return { code: 'UNREACHABLE', retryable: true }
  return { code: 'REFUSED' }
}
