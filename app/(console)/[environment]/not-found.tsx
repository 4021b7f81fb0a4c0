import type { Metadata } from 'next'
import { Kbd } from '@/components/ui/kbd'

export const metadata: Metadata = { title: 'No such page' }

export default function EnvironmentNotFound() {
  return (
    <section className="mx-auto mt-6 grid max-w-[560px] justify-items-start gap-2 rounded-lg border border-line bg-panel p-5">
      <h1 className="text-2xl font-semibold tracking-tight">There is no such page</h1>
      <p className="text-lg text-muted">
        The address may be mistyped, or from another version of the console. Pages are in the navigation; breakers,
        services and processes are found with <Kbd>/</Kbd>.
      </p>
      {/* A plain link: every page carries this one along, and hardly any ever shows it. */}
      <a
        href="/"
        className="mt-1 inline-flex h-(--control) items-center rounded-md border border-accent bg-accent px-2.5 text-sm font-medium text-on-accent touch:px-3.5 touch:text-md"
      >
        Go to the overview
      </a>
    </section>
  )
}
