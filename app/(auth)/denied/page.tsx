import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { visitor } from '@/app/_server/visitor'
import { Button } from '@/components/ui/button'
import { AuthCard } from '../_card'

export const metadata: Metadata = { title: 'Access denied' }

export default async function DeniedPage() {
  const found = await visitor()
  if (found.status === 'admitted') redirect('/')
  if (found.status === 'anonymous') redirect('/sign-in')
  return (
    <AuthCard title="Access denied">
      {found.status === 'denied' ? (
        <p>
          You are signed in as <b className="font-medium break-words">{found.email}</b>, and that account has no role
          here.
        </p>
      ) : (
        <p>Whether you have a role here cannot be checked now.</p>
      )}
      <p className="text-muted">Ask an administrator of this console to let you in, or sign in with another account.</p>
      <form method="post" action="/sign-out">
        <Button type="submit">Sign out</Button>
      </form>
    </AuthCard>
  )
}
