import { z } from 'zod'
import type { Override, Scope } from '../../infrastructure/fleet/index.ts'
import { Name, ProcessId } from '../platform/operation/input.ts'
import type { Risk } from '../platform/operation/wire.ts'

/** Which of the processes that have the target: one, those of a service, or all. */
export const ActScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('process'), process: ProcessId }),
  z.strictObject({ kind: z.literal('service'), service: Name }),
  z.strictObject({ kind: z.literal('fleet') }),
])
export type ActScope = z.infer<typeof ActScope>

export const riskOfScope = ({ scope }: { scope: ActScope }): Risk => (scope.kind === 'process' ? 'one' : 'many')

/** The scope as fleet commands write it. */
export function toFleetScope(scope: ActScope): Scope {
  if (scope.kind === 'process') return { processes: [scope.process] }
  return scope.kind === 'service' ? { service: scope.service } : { all: true }
}

export function toActScope(scope: Scope): ActScope {
  if ('all' in scope) return { kind: 'fleet' }
  if ('service' in scope) return { kind: 'service', service: scope.service }
  return { kind: 'process', process: scope.processes[0] ?? '' }
}

/** The changes to these overrides when `scope` is released: removed or narrowed; others stay. `services` maps a process to its service. */
export function releaseFrom(
  overrides: readonly Override[],
  scope: ActScope,
  services: ReadonlyMap<string, string>,
): { set: Override[]; remove: string[] } {
  const set: Override[] = []
  const remove: string[] = []
  for (const override of overrides) {
    const held = override.scope
    if (scope.kind === 'fleet' || covers(scope, held, services)) remove.push(override.id)
    else if (
      'all' in held ||
      ('service' in held && scope.kind === 'process' && services.get(scope.process) === held.service)
    ) {
      set.push({ ...override, except: [...override.except, toFleetScope(scope)] })
    }
  }
  return { set, remove }
}

/** Whether everything that `held` covers is within `scope`. */
function covers(scope: ActScope, held: Scope, services: ReadonlyMap<string, string>): boolean {
  if ('all' in held) return false
  if ('service' in held) return scope.kind === 'service' && scope.service === held.service
  return held.processes.every(id =>
    scope.kind === 'process' ? id === scope.process : scope.kind === 'service' && services.get(id) === scope.service,
  )
}
