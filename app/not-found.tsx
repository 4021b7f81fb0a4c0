import type { Metadata } from 'next'
import { AuthCard } from './(auth)/_card'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <AuthCard title="There is nothing here">
      <p className="text-muted">
        Neither a page nor an environment of this console has that address. An environment that was renamed or removed
        from the configuration is gone from its addresses too.
      </p>
      {/* A plain link: every page carries this one along, and hardly any ever shows it. */}
      <a
        href="/"
        className="justify-self-start inline-flex h-(--control) items-center rounded-md border border-accent bg-accent px-2.5 text-sm font-medium text-on-accent touch:px-3.5 touch:text-md"
      >
        Go to the overview
      </a>
    </AuthCard>
  )
}
