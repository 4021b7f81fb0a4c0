import { download } from '@/app/_server/download'
import { respond } from '@/app/_server/respond'
import { askedExport, EXPORT_FORMATS, exportAudit } from '@/lib/console/areas/audit/export'
import { unknownEnvironment } from '@/lib/console/platform/environment/unknown'
import { stored } from '@/lib/console/platform/operation/runner/stored'

/** The audit as a file, oldest line first. Query: `format` (`ndjson`, `csv`) and the filters of the audit. */
export function GET(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/audit/export'>,
): Promise<Response> {
  return respond(request, async (actor, { console }) => {
    const { environment } = await params
    if (!console.environment(environment)) throw unknownEnvironment(console.settings)
    const query = Object.fromEntries(new URL(request.url).searchParams)
    const { filters, format } = askedExport(console.access, actor, query)
    const lines = exportAudit(console.store.db, environment, filters, format)
    const file = { name: `audit-${environment}`, format, type: EXPORT_FORMATS[format] }
    return download(lines, file, stored(lines.next()))
  })
}
