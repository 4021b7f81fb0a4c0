'use client'

import { type MouseEvent, type ReactNode, useId } from 'react'
import { Button, type ButtonProps } from '@/components/ui/button'
import { notify } from '@/components/ui/toast'
import { Tooltip } from '@/components/ui/tooltip'
import type { OperationSummary } from '@/lib/console/platform/operation/wire'

interface DeniedButtonProps {
  needs: OperationSummary['needs']
  label: ReactNode
  size?: ButtonProps['size']
  className?: string
}

/** The act exists, and this person may not: it says which role may. Focusable, so that everyone gets to the reason. */
export function DeniedButton({ needs, label, size, className }: DeniedButtonProps) {
  const id = useId()
  const reason = `needs the ${needs} role`
  function explain(event: MouseEvent) {
    // A finger has no hover.
    const touched = event.nativeEvent instanceof PointerEvent && event.nativeEvent.pointerType === 'touch'
    if (touched) notify(`This ${reason}`)
  }
  return (
    <>
      <Tooltip content={reason}>
        <Button aria-disabled aria-describedby={id} size={size} lines="wrap" className={className} onClick={explain}>
          {label}
        </Button>
      </Tooltip>
      <span id={id} hidden>
        {reason}
      </span>
    </>
  )
}
