import type { Running } from '@/app/_server/boot'
import { download } from '@/app/_server/download'
import { respond } from '@/app/_server/respond'
import type { FileAsked } from '@/lib/console/areas/database/browse/admit-export'
import { unknownEnvironment } from '@/lib/console/platform/environment/unknown'

/** Rows of a watched database as CSV. */
export function databaseFile(
  request: Request,
  params: Promise<{ environment: string }>,
  fileName: string,
  linesOf: (asked: FileAsked) => AsyncGenerator<string>,
  queryOf: (running: Running) => Promise<Record<string, unknown>>,
): Promise<Response> {
  return respond(request, async (actor, running) => {
    const { console } = running
    const { access, store, settings, recordRefusal } = console
    const { environment: name } = await params
    const environment = console.environment(name)
    if (!environment) throw unknownEnvironment(settings)
    const query = await queryOf(running)
    const lines = linesOf({ access, actor, store, settings, recordRefusal, environment, query })
    return download(lines, { name: fileName, format: 'csv', type: 'text/csv; charset=utf-8' })
  })
}
