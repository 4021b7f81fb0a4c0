import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { running } from '@/app/_server/boot'
import { returnPath } from '@/app/_server/return-path'
import { storeDown } from '@/app/_server/store-down'
import { visitor } from '@/app/_server/visitor'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { AuthCard } from '../_card'
import { ProviderMark } from '../_provider-mark'

export const metadata: Metadata = { title: 'Sign in' }

const PROBLEMS: Record<string, string> = {
  provider_unavailable: 'The provider does not answer. Try again in a moment, or use another one.',
  unknown_provider: 'That provider is not set up here.',
  access_denied: 'You declined at the provider. Nothing was shared.',
  state_mismatch: 'The sign-in took too long or was begun in another tab. Begin again.',
}

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const query = await searchParams
  const back = returnPath(query.return)
  const found = await visitor()
  if (found.status === 'admitted') redirect(back as '/')
  if (found.status === 'denied') redirect('/denied')
  const { console } = await running()
  const down = await storeDown(console)
  const { providers, mode, environments } = console.settings
  // What the store's absence explains is not laid on the provider.
  const error =
    typeof query.error === 'string' && !down && query.error !== 'store_unavailable' ? query.error : undefined
  return (
    <AuthCard title="Sign in">
      {error ? (
        <Callout tone="bad" urgent mark={<StatusMark status="bad" />} title="You are not signed in">
          <p>
            {PROBLEMS[error] ?? 'The provider refused. Begin again; if it keeps happening, contact an administrator.'}
          </p>
        </Callout>
      ) : null}
      {down ? (
        <Callout tone="bad" mark={<StatusMark status="bad" />} title="Signing in is not possible now">
          <p>
            {down}. It is the console’s own (<code>SUBSTATION_DATABASE_URL</code>) and keeps the sessions; the provider
            is not the cause. Try again once it is back.
          </p>
        </Callout>
      ) : null}
      <p className="text-muted">
        {environments.length === 1 ? (
          <>
            To the control room of <b className="font-medium break-words text-ink">{environments[0]?.name}</b>.
          </>
        ) : (
          `To the control room of ${environments.length} environments.`
        )}{' '}
        What you do there is recorded under your name.
      </p>
      <div className="grid gap-2">
        {providers.map(({ id, label }, index) => (
          <Button
            key={id}
            asChild
            variant={index === 0 ? 'primary' : 'outline'}
            className="h-10 text-md touch:h-(--control) [&_svg]:size-4"
          >
            {/* A plain link: the answer is a redirect to the provider, not a page of ours. */}
            <a href={`/sign-in/start?provider=${id}&return=${encodeURIComponent(back)}`}>
              <ProviderMark id={id} />
              Continue with {label}
            </a>
          </Button>
        ))}
      </div>
      {mode === 'real' ? null : (
        <p className="border-t border-line pt-3 text-sm text-muted">
          A local provider answers for both: choose Admin, Operator or Viewer there. Nothing leaves this machine.
        </p>
      )}
    </AuthCard>
  )
}
