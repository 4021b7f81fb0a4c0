import { running } from '@/app/_server/boot'
import { json } from '@/app/_server/respond'
import { openApiDocument } from '@/lib/console/platform/openapi'

/** What can be asked and done over REST. It contains no data, so it needs no session. */
export async function GET(): Promise<Response> {
  const { settings, views, operations, access } = (await running()).console
  return json(200, openApiDocument(settings.url, settings.version, views, operations, access))
}
