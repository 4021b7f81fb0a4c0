import { InfrastructureError } from '../../../core/errors.ts'

/** The command may have taken effect: it was sent, and what it did cannot be known. */
export class UnconfirmedError extends InfrastructureError {
  override readonly code = 'COMMAND_UNCONFIRMED'
}
