import { respond } from '@/app/_server/respond'

/** A run as it stands, with its ledger. */
export function GET(request: Request, { params }: RouteContext<'/api/v1/[environment]/runs/[run]'>): Promise<Response> {
  return respond(request, async (actor, { console }) => {
    const { environment, run } = await params
    return { run: await console.runner.find(actor, environment, run) }
  })
}
