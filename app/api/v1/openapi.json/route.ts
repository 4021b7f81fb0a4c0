import { running } from '@/app/_server/boot'
import { json } from '@/app/_server/respond'
import { openApiDocument } from '@/lib/console/openapi'
import { operations } from '@/lib/console/operations/index'
import { views } from '@/lib/console/views/index'

/** What can be asked and done over REST. It tells no data, so it needs no session. */
export async function GET(): Promise<Response> {
  const { settings } = (await running()).console
  return json(200, openApiDocument(settings.url, settings.version, views, operations))
}
