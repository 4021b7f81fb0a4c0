'use client'

import { useState } from 'react'
import { PreviewSummary } from '@/components/operation/preview-summary'
import { RefusalCallout } from '@/components/operation/refusal-callout'
import { Button } from '@/components/ui/button'
import { DialogBody, DialogFooter } from '@/components/ui/dialog-layout'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { Preview, Refusal } from '@/lib/console/platform/operation/wire'

interface ConfirmStepProps {
  id: string
  preview: Preview
  problem: Refusal | undefined
  busy: boolean
  grave: boolean
  backWords: string
  onBack: () => void
  onConfirm: (typedName: string | undefined) => void
}

/** The last look before the act. The button says the act and the number. */
export function ConfirmStep({ id, preview, problem, busy, grave, backWords, onBack, onConfirm }: ConfirmStepProps) {
  const [typed, setTyped] = useState('')
  const [mismatch, setMismatch] = useState<string>()
  const asksName = preview.confirmation === 'typed'

  function confirm() {
    if (busy) return
    if (!asksName) return onConfirm(undefined)
    const { name } = preview.target
    // A name of somebody else's may begin or end with spaces; of any other they are a slip of the hand.
    if (typed !== name && typed.trim() !== name)
      return setMismatch(typed.trim() === '' ? 'Type the name first.' : 'That is not its name.')
    onConfirm(name)
  }

  return (
    <>
      <DialogBody>
        <form
          id={id}
          noValidate
          className="grid grid-cols-[minmax(0,1fr)] gap-4"
          onSubmit={event => {
            event.preventDefault()
            confirm()
          }}
        >
          {problem ? <RefusalCallout refusal={problem} /> : null}
          <PreviewSummary preview={preview} />
          {asksName ? (
            <Field
              label={
                <>
                  Type{' '}
                  <code className="rounded-sm bg-sunk px-1 py-0.5 break-all whitespace-pre-wrap">
                    {preview.target.name}
                  </code>{' '}
                  to confirm
                </>
              }
              error={mismatch ?? problem?.fields?.typedName}
            >
              {control => (
                <Input
                  {...control}
                  value={typed}
                  autoComplete="off"
                  autoCapitalize="off"
                  autoCorrect="off"
                  spellCheck={false}
                  disabled={busy}
                  onChange={event => {
                    setTyped(event.target.value)
                    setMismatch(undefined)
                  }}
                  className="font-mono"
                />
              )}
            </Field>
          ) : null}
        </form>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onBack} disabled={busy}>
          {backWords}
        </Button>
        <Button
          type="submit"
          form={id}
          variant={grave ? 'danger-solid' : 'primary'}
          disabled={busy}
          className="min-w-0"
        >
          <span className="truncate">{busy ? 'Starting' : preview.action}</span>
        </Button>
      </DialogFooter>
    </>
  )
}
