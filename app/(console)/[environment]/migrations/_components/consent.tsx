import { type ReactNode, useId } from 'react'
import { Checkbox } from '@/components/ui/checkbox'

interface ConsentProps {
  checked: boolean
  onChange: (checked: boolean) => void
  error: string | undefined
  children: ReactNode
}

/** Something that is done only when it was said. */
export function Consent({ checked, onChange, error, children }: ConsentProps) {
  const id = useId()
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="flex items-start gap-2 text-md">
        <span className="flex h-5 items-center">
          <Checkbox
            id={id}
            checked={checked}
            onCheckedChange={onChange}
            aria-describedby={error ? `${id}-error` : undefined}
            aria-invalid={error ? true : undefined}
          />
        </span>
        <span>{children}</span>
      </label>
      {error ? (
        <p id={`${id}-error`} className="pl-6 text-sm text-bad">
          {error}
        </p>
      ) : null}
    </div>
  )
}
