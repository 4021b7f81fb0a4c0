import type { Metadata } from 'next'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { AuthCard } from './(auth)/_card'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <AuthCard title="There is nothing here">
      <p className="text-muted">
        Neither a page nor an environment of this console has that address. An environment that was renamed or removed
        from the configuration is gone from its addresses too.
      </p>
      <Button asChild variant="primary" className="justify-self-start">
        <AppLink href="/">Go to the overview</AppLink>
      </Button>
    </AuthCard>
  )
}
