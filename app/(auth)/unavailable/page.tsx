import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { returnPath } from '@/app/_server/return-path'
import { visitor } from '@/app/_server/visitor'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { AuthCard } from '../_card'
import { ReturnWhenBack } from './_return-when-back'

export const metadata: Metadata = { title: 'Console database down' }

export default async function UnavailablePage({ searchParams }: PageProps<'/unavailable'>) {
  const back = returnPath((await searchParams).return)
  const found = await visitor()
  if (found.status === 'admitted') redirect(back as '/')
  if (found.status === 'anonymous') redirect(`/sign-in?return=${encodeURIComponent(back)}` as '/sign-in')
  return (
    <AuthCard title="Who you are cannot be checked">
      <Callout tone="bad" mark={<StatusMark status="bad" />} title="The console’s database is down">
        <p>
          {found.status === 'unavailable' ? `${found.reason}.` : 'It does not answer.'} Sessions and roles are kept
          there, so nothing is shown and nothing can be done until it is back.
        </p>
      </Callout>
      <p className="text-muted">
        What to try: see that the Postgres of <code>SUBSTATION_DATABASE_URL</code> runs and can be reached from the
        console. The fleet itself is not affected.
      </p>
      <ReturnWhenBack to={back} />
      <Button asChild variant="primary" className="justify-self-start">
        <a href={back}>Try again</a>
      </Button>
    </AuthCard>
  )
}
