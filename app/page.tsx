import type { Route } from 'next'
import { redirect } from 'next/navigation'
import { running } from './_server/boot'
import { admitted } from './_server/visitor'

/** The front page is the first environment's overview. */
export default async function FrontPage() {
  await admitted('/')
  const { console } = await running()
  redirect(`/${console.settings.environments[0]?.name}/overview` as Route)
}
