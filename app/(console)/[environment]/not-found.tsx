import type { Metadata } from 'next'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
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
      <Button asChild variant="primary" className="mt-1">
        <AppLink href="/">Go to the overview</AppLink>
      </Button>
    </section>
  )
}
