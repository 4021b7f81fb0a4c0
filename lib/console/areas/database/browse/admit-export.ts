import type { z } from 'zod'
import { forbidden } from '../../../platform/access/forbidden.ts'
import type { Access, Actor, Permission } from '../../../platform/access/roles.ts'
import type { RecordRefusal } from '../../../platform/audit/record-refusal.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { invalidExport } from '../../../platform/invalid-export.ts'
import { problemsOf } from '../../../platform/operation/input.ts'
import type { Settings } from '../../../platform/settings/port.ts'
import type { Store } from '../../../platform/store/port.ts'

/** Who asks for a file, where, and with what it is made. */
export interface FileAsked {
  access: Access
  actor: Actor
  store: Store
  settings: Settings
  environment: ConsoleEnvironment
  recordRefusal: RecordRefusal
  query: Record<string, unknown>
}

/** The filters of a file. Refuses those who may not see what is in it, which is recorded, and what is not valid: half a file looks like a whole one. */
export async function admitExport<Filters extends z.ZodObject>(
  { access, actor, environment, recordRefusal, query }: FileAsked,
  view: { id: string; permission: Permission },
  what: string,
  filters: Filters,
): Promise<z.output<Filters>> {
  if (!access.isAllowed(actor.role, view.permission)) {
    const error = forbidden(what, access.roleFor(view.permission), actor)
    await recordRefusal(actor, { environment: environment.name, operation: view.id }, error.refusal)
    throw error
  }
  const parsed = filters.strict().safeParse(query, { reportInput: true })
  if (!parsed.success) throw invalidExport(problemsOf(parsed.error))
  return parsed.data as z.output<Filters>
}
