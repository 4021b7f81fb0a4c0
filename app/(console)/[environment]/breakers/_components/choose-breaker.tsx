'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { type Act, VERBS } from './act-in-url'

/** An act was chosen, and not yet what it acts on. */
export function ChooseBreaker({ act, onCancel }: { act: Act; onCancel: () => void }) {
  const { allowed, needs } = useOperation(act)
  return (
    <Callout
      tone={allowed ? 'accent' : 'warning'}
      mark={allowed ? undefined : <StatusMark status="warning" />}
      className="mb-3"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1">
          {allowed ? (
            <>
              <span className="font-medium">Choose a breaker to {VERBS[act]}.</span> Nothing happens before you have
              seen what it would do.
            </>
          ) : (
            `To ${VERBS[act]} a breaker needs the ${needs} role.`
          )}
        </p>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </Callout>
  )
}
