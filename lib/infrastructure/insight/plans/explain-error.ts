import { InfrastructureError } from '../../../core/errors.ts'

export class ExplainError extends InfrastructureError {
  override readonly code = 'EXPLAIN_REFUSED'
}
