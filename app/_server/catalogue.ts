import { type Actor, isAllowed, PERMISSIONS } from '@/lib/console/platform/access/roles'
import type { AnyOperation } from '@/lib/console/platform/operation/define'
import type { OperationSummary } from '@/lib/console/platform/operation/wire'

/** The operations as a browser may know them: their names, and whether this person may. */
export function catalogueFor(operations: readonly AnyOperation[], { role }: Actor): OperationSummary[] {
  return operations.map(({ id, title, risk, permission, targetKind }) => ({
    id,
    title,
    risk: typeof risk === 'function' ? 'many' : risk,
    permission,
    needs: PERMISSIONS[permission],
    allowed: isAllowed(role, permission),
    targetKind,
  }))
}
