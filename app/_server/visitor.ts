import type { Route } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import type { Actor } from '@/lib/console/platform/access/roles'
import type { Visitor } from '@/lib/console/platform/access/sessions'
import { running } from './boot'

/** Who asks for this page; asked once a request, however many parts of the page want to know. */
export const visitor = cache(async (): Promise<Visitor> => {
  const { sessions } = await running()
  return sessions.visitor(await headers(), 'console')
})

/** The person a page is for. Sends everyone else where they belong; `path` is where they come back to after signing in. */
export async function admitted(path: string): Promise<Actor> {
  const found = await visitor()
  switch (found.status) {
    case 'admitted':
      return found.actor
    case 'denied':
      return redirect('/denied')
    case 'unavailable':
      return redirect(`/unavailable?return=${encodeURIComponent(path)}` as Route)
    case 'anonymous':
      return redirect(`/sign-in?return=${encodeURIComponent(path)}` as Route)
  }
}
