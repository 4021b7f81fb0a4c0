import { respond } from '@/app/_server/respond'
import { askedSearch } from '@/lib/console/areas/queues/job-search/asked-search'
import { unknownEnvironment } from '@/lib/console/platform/environment/unknown'

/** Jobs of all queues that match `q`, a line of JSON for each step of the search. Ending the request ends it. */
export function GET(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/queues/search'>,
): Promise<Response> {
  return respond(request, async (actor, { console }) => {
    const { environment: name } = await params
    const environment = console.environment(name)
    if (!environment) throw unknownEnvironment(console.settings)
    const query = new URL(request.url).searchParams.get('q') ?? ''
    return new Response(askedSearch(environment, console.access, actor, query), {
      headers: {
        'content-type': 'application/x-ndjson',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    })
  })
}
