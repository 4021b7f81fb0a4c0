import { databaseFile } from '@/app/_server/database-file'
import { exportRows } from '@/lib/console/areas/database/browse/export'

/** Rows of a table as CSV, 10,000 at most. Query: `name` (of the database), `schema`, `table`, and the filter: `column`, `is`, `value`. */
export function GET(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/databases/rows'>,
): Promise<Response> {
  return databaseFile(request, params, 'rows', exportRows, async () =>
    Object.fromEntries(new URL(request.url).searchParams),
  )
}
