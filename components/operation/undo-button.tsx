'use client'

import { Undo2 } from 'lucide-react'
import { isUnderWay } from '@/components/operation/answer'
import { Countdown } from '@/components/status/countdown'
import { useNow } from '@/components/status/ticker'
import { Button, type ButtonProps } from '@/components/ui/button'
import type { Run } from '@/lib/console/platform/operation/wire'

interface UndoButtonProps {
  run: Run
  busy: boolean
  onUndo: () => void
  size?: ButtonProps['size']
}

/** There while the effect can be taken back, with the time left; gone when it cannot. */
export function UndoButton({ run, busy, onUndo, size }: UndoButtonProps) {
  const now = useNow()
  const { undo } = run
  const open = undo !== undefined && undo.run === undefined && now !== undefined && undo.until > now
  if (!open || isUnderWay(run.status) || run.status === 'undone') return null
  return (
    <Button size={size} onClick={onUndo} disabled={busy}>
      <Undo2 aria-hidden />
      {busy ? 'Undoing' : 'Undo'}
      <Countdown until={undo.until} className="font-normal text-muted" />
    </Button>
  )
}
