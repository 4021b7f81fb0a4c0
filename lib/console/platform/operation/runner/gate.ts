import { forbidden } from '../../access/forbidden.ts'
import type { Access, Actor } from '../../access/roles.ts'
import { refusalRecorder } from '../../audit/record-refusal.ts'
import type { ConsoleEnvironment } from '../../environment/port.ts'
import { unknownEnvironment } from '../../environment/unknown.ts'
import { RefusalError } from '../../refusal.ts'
import { type AnyOperation, riskOf } from '../define.ts'
import { problemsOf, redactInput, withReasonToCome } from '../input.ts'
import type { Confirmation, Refusal } from '../wire.ts'
import type { RunnerParts } from './port.ts'

/** What is known once an act has been admitted. */
export interface Admitted {
  operation: AnyOperation
  environment: ConsoleEnvironment
  input: unknown
  redacted: unknown
  reason?: string
}

/**
 * Known environment and operation, the permission, then the shape of the input, in this order. A preview may come before
 * its reason has been written.
 */
export function admit(
  parts: RunnerParts,
  actor: Actor,
  request: { environment: string; operation: string; input: unknown },
  purpose: 'preview' | 'run' = 'run',
): Admitted {
  const environment = parts.environment(request.environment)
  if (!environment) throw unknownEnvironment(parts.settings)
  const operation = parts.operations.find(candidate => candidate.id === request.operation)
  if (!operation)
    throw new RefusalError({
      code: 'not_found',
      message: 'There is no such operation.',
      nextStep: '/api/v1/openapi.json lists all operations.',
      fields: { operation: 'is not known' },
    })
  authorise(parts.access, actor, operation)
  const given = purpose === 'preview' ? withReasonToCome(operation.input, request.input) : request.input
  const parsed = operation.input.safeParse(given, { reportInput: true })
  if (!parsed.success) {
    const fields = problemsOf(parsed.error)
    const [field, problem] = Object.entries(fields)[0] ?? ['input', 'is not valid']
    throw new RefusalError({
      code: 'invalid',
      message: `${field} ${problem}.`,
      fields,
      nextStep: 'Correct the fields named and send it again.',
    })
  }
  const reason = (parsed.data as { reason?: string }).reason
  return { operation, environment, input: parsed.data, redacted: redactInput(operation.input, parsed.data), reason }
}

/** Refuses an actor without the permission of an operation. */
export function authorise(access: Access, actor: Actor, operation: AnyOperation): void {
  if (!access.isAllowed(actor.role, operation.permission))
    throw forbidden(`“${operation.title}”`, access.roleFor(operation.permission), actor)
}

/** One small thing runs at once; many need a preview; the riskiest acts, and every act on production, need the typed name too. */
export function confirmationOf(operation: AnyOperation, environment: ConsoleEnvironment, input: unknown): Confirmation {
  const risk = riskOf(operation, input)
  if (risk === 'grave' || (environment.settings.typedConfirmation && !operation.ofConsoleOnly)) return 'typed'
  return risk === 'many' ? 'preview' : 'none'
}

/** Records refused acts, with as much of their input as may be kept. */
export function actRefusalRecorder(parts: RunnerParts) {
  const { operations } = parts
  const find = (id: string) => operations.find(known => known.id === id)
  const record = refusalRecorder(parts, id => find(id) !== undefined)
  return (
    actor: Actor,
    { environment, operation, input }: { environment: string; operation: string; input?: unknown },
    refusal: Refusal,
  ): Promise<void> => {
    // Only an input that parsed can be redacted field by field; any other may contain secrets, so it is left out.
    const known = find(operation)
    const parsed = known?.input.safeParse(input)
    const redacted = known && parsed?.success ? redactInput(known.input, parsed.data) : undefined
    return record(actor, { environment, operation: String(operation), input: redacted }, refusal)
  }
}
