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
    // Read before the answer begins: a database that is down is a refusal, not a file that breaks off.
    const first = await stored(lines.next())
    const encoder = new TextEncoder()
    let next: IteratorResult<string> = first
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (next.done) return controller.close()
        controller.enqueue(encoder.encode(next.value))
        next = await lines.next()
      },
      async cancel() {
        await lines.return(undefined)
      },
    })
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '')
    return new Response(body, {
      headers: {
        'content-type': EXPORT_FORMATS[format],
        'content-disposition': `attachment; filename="audit-${environment}-${stamp}.${format}"`,
        'cache-control': 'no-store',
      },
    })
  })
}
