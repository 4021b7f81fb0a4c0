import { download } from '@/app/_server/download'
import { respond } from '@/app/_server/respond'
import { exportRows } from '@/lib/console/areas/database/browse/export'
import { unknownEnvironment } from '@/lib/console/platform/environment/unknown'

/** Rows of a table as CSV, 10,000 at most. Query: `name` (of the database), `schema`, `table`, and the filter: `column`, `is`, `value`. */
export function GET(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/databases/rows'>,
): Promise<Response> {
  return respond(request, async (actor, { console }) => {
    const { environment: name } = await params
    const environment = console.environment(name)
    if (!environment) throw unknownEnvironment(console.settings)
    const query = Object.fromEntries(new URL(request.url).searchParams)
    const lines = exportRows({
      access: console.access,
      actor,
      db: console.store.db,
      settings: console.settings,
      environment,
      query,
    })
    return download(lines, { name: 'rows', format: 'csv', type: 'text/csv; charset=utf-8' })
  })
}
