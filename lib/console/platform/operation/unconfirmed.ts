import { InfrastructureError } from '../../../core/errors.ts'

/** The command was sent and may have taken effect; what it did is not known. */
export class UnconfirmedError extends InfrastructureError {
  override readonly code = 'COMMAND_UNCONFIRMED'
}
