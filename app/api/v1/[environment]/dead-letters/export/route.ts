import { download } from '@/app/_server/download'
import { respond } from '@/app/_server/respond'
import { askedExport, exportDeadLetters } from '@/lib/console/areas/dead-letters/export'
import { unknownEnvironment } from '@/lib/console/platform/environment/unknown'

/** Dead letters as a file, one a line. Query: `kind` (a fingerprint, any number of times), `server`, `queue`; without any: all. */
export function GET(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/dead-letters/export'>,
): Promise<Response> {
  return respond(request, async (actor, { console }) => {
    const { environment: name } = await params
    const environment = console.environment(name)
    if (!environment) throw unknownEnvironment(console.settings)
    const query = new URL(request.url).searchParams
    const where = ['server', 'queue'].flatMap(field => (query.get(field) ? [[field, query.get(field)]] : []))
    const { selected, mayRead } = await askedExport(console.access, actor, environment, {
      kinds: query.getAll('kind'),
      ...Object.fromEntries(where),
    })
    const lines = exportDeadLetters(selected, mayRead)
    return download(lines, { name: `dead-letters-${name}`, format: 'ndjson', type: 'application/x-ndjson' })
  })
}
