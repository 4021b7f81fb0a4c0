import { databaseFile } from '@/app/_server/database-file'
import { bodyOf } from '@/app/_server/respond'
import { exportQuery } from '@/lib/console/areas/database/saved-queries/export'

/** Rows of a query as CSV, 1,000 at most. Body: `name` (of the database), `query` (the id of a saved one) or `text` and `parameters`, and `values`. */
export function POST(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/databases/query'>,
): Promise<Response> {
  return databaseFile(request, params, 'query', exportQuery, running => bodyOf(request, running))
}
