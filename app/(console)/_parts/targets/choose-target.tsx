import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'

/** An act was chosen, and not yet what it acts on. `what`: "a policy to change its limits". */
export function ChooseTarget({ what, onCancel }: { what: string; onCancel: () => void }) {
  return (
    <Callout tone="accent" className="mb-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1">
          <span className="font-medium">Choose {what}.</span> Nothing happens before you have seen what it would do.
        </p>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </Callout>
  )
}
