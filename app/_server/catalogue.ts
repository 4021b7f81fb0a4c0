import type { Console } from '@/lib/console/open'
import type { Actor } from '@/lib/console/platform/access/roles'
import type { OperationSummary } from '@/lib/console/platform/operation/wire'

/** The operations as a browser may know them: their names, where their targets are listed, and whether this person may. */
export function catalogueFor({ areas, operations, access }: Console, { role }: Actor): OperationSummary[] {
  const pages = new Map(areas.flatMap(area => (area.operations ?? []).map(({ id }) => [id, area.id] as const)))
  return operations.map(({ id, title, risk, permission, targetKind, place }) => ({
    id,
    title,
    risk: typeof risk === 'function' ? 'many' : risk,
    permission,
    needs: access.roleFor(permission),
    allowed: access.isAllowed(role, permission),
    targetKind,
    place: place ?? pages.get(id) ?? 'overview',
  }))
}
