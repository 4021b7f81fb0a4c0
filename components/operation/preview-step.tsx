'use client'

import { type ReactNode, useState } from 'react'
import type { LivePreview } from '@/components/operation/live-preview'
import { PreviewDetails, PreviewHeadline } from '@/components/operation/preview-summary'
import { ReasonField } from '@/components/operation/reason-field'
import { RefusalCallout } from '@/components/operation/refusal-callout'
import { TypedName } from '@/components/operation/typed-name'
import { isUnfilled } from '@/components/operation/unfinished'
import { Button } from '@/components/ui/button'
import { DialogBody, DialogFooter } from '@/components/ui/dialog-layout'
import { Skeleton } from '@/components/ui/skeleton'
import type { Preview, Refusal } from '@/lib/console/platform/operation/wire'

/** What a form is given: the input, a way to change part of it, and what the server found wrong, by the input's path. */
export interface OperationForm<I> {
  value: I
  change: (patch: Partial<I>) => void
  errors: Readonly<Record<string, string>>
  /** Of the fields as they are, or were a moment ago. */
  preview?: Preview | undefined
}

interface PreviewStepProps<I extends object> {
  id: string
  title: string
  input: I
  change: (patch: Partial<I>) => void
  live: LivePreview
  /** The result of pressing the button. */
  problem: Refusal | undefined
  busy: boolean
  grave: boolean
  onCancel: () => void
  onConfirm: (preview: Preview, typedName: string | undefined) => void
  children?: (form: OperationForm<I>) => ReactNode
}

/** The fields of an act with the preview of what they would do. The button says the act and the number, and does it. */
export function PreviewStep<I extends object>(props: PreviewStepProps<I>) {
  const { id, input, live, problem, busy, onConfirm } = props
  const [typed, setTyped] = useState('')
  const [mismatch, setMismatch] = useState<string>()
  const { preview, pending } = live
  const refused = live.refused && !isUnfilled(live.refused.error, input) ? live.refused.error : undefined
  const errors = problem?.fields ?? refused?.fields ?? {}
  // What was looked at must be what is done: not while the fields say something newer.
  const ready = preview !== undefined && !pending && live.refused === undefined

  function confirm() {
    if (busy || !ready) return
    if (preview.confirmation !== 'typed') return onConfirm(preview, undefined)
    const { name } = preview.target
    // A foreign name may begin or end with spaces; of any other they are a slip of the hand.
    if (typed !== name && typed.trim() !== name)
      return setMismatch(typed.trim() === '' ? 'Type the name first.' : 'That is not its name.')
    onConfirm(preview, name)
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
          {problem && !isBesideItsField(problem) ? <RefusalCallout refusal={problem} /> : null}
          <Outlook live={live} refused={refused} />
          <Fields {...props} errors={errors} />
          {preview && !live.refused ? <PreviewDetails preview={preview} stale={pending} /> : null}
          {preview?.confirmation === 'typed' ? (
            <TypedName
              name={preview.target.name}
              value={typed}
              error={mismatch ?? problem?.fields?.typedName}
              disabled={busy}
              onChange={text => {
                setTyped(text)
                setMismatch(undefined)
              }}
            />
          ) : null}
        </form>
      </DialogBody>
      <ActFooter {...props} ready={ready} />
    </>
  )
}

function Outlook({ live, refused }: { live: LivePreview; refused: Refusal | undefined }) {
  const { preview, pending } = live
  if (refused)
    return <RefusalCallout refusal={refused} onRetry={refused.code === 'unavailable' ? live.refresh : undefined} />
  if (live.refused) return <p className="text-md text-muted">Fill in the fields to see what would happen.</p>
  if (preview) return <PreviewHeadline preview={preview} stale={pending} />
  return (
    <div className="grid gap-2">
      <p role="status" className="text-md text-muted">
        Checking what would happen
      </p>
      <Skeleton className="h-6 w-3/4" />
    </div>
  )
}

function Fields<I extends object>({
  input,
  change,
  live,
  errors,
  children,
}: PreviewStepProps<I> & { errors: Readonly<Record<string, string>> }) {
  if (children) return children({ value: input, change, errors, preview: live.preview })
  // An act without a form of its own may still need a reason.
  if (!live.preview?.reasonRequired) return null
  const { reason } = input as { reason?: string }
  return (
    <ReasonField
      required
      value={reason ?? ''}
      error={errors.reason}
      onChange={next => change({ reason: next } as Partial<I> & { reason: string })}
    />
  )
}

function ActFooter<I extends object>({
  id,
  title,
  live,
  busy,
  grave,
  ready,
  onCancel,
}: PreviewStepProps<I> & { ready: boolean }) {
  return (
    <DialogFooter>
      <Button onClick={onCancel} disabled={busy}>
        Cancel
      </Button>
      <Button
        type="submit"
        form={id}
        variant={grave ? 'danger-solid' : 'primary'}
        aria-disabled={busy || !ready || undefined}
        lines="wrap"
      >
        {busy ? 'Starting' : live.refused ? title : (live.preview?.action ?? title)}
      </Button>
    </DialogFooter>
  )
}

const isBesideItsField = ({ fields }: Refusal) => {
  const names = Object.keys(fields ?? {})
  return names.length === 1 && (names[0] === 'reason' || names[0] === 'typedName')
}
