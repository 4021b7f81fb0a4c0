'use client'

import { useState } from 'react'
import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { NumberField } from '@/components/ui/number-field'
import { Textarea } from '@/components/ui/textarea'
import type { Which } from './which'

export interface ReplayInput {
  which: Which
  rate?: number
  canary?: number
  stopAbove?: number
  patch?: unknown
  reason?: string
}

const NUMBERS = [
  {
    field: 'canary',
    label: 'Canary',
    hint: 'So many first; the others only once all of these have completed. Empty: none.',
    min: 1,
    max: 100,
    unit: 'jobs first',
  },
  {
    field: 'rate',
    label: 'Rate',
    hint: 'Empty: as fast as Redis takes them.',
    min: 0.1,
    max: 1_000,
    step: 'any',
    unit: 'jobs a second',
  },
  {
    field: 'stopAbove',
    label: 'Stop when more than',
    hint: 'Of those whose outcome is known, ten at least. Empty: only an open breaker stops it.',
    min: 0,
    max: 99,
    unit: '% failed again',
  },
] as const

/** How fast, how many first, when to stop, and what to change in each payload. */
export function ReplayForm({ form }: { form: OperationForm<ReplayInput> }) {
  const { value, change, errors } = form
  return (
    <>
      {NUMBERS.map(({ field, ...about }) => (
        <NumberField
          key={field}
          {...about}
          value={value[field]}
          error={errors[field]}
          onChange={given => change({ [field]: Number.isNaN(given) ? undefined : given })}
        />
      ))}
      <PatchField form={form} />
      <ReasonField
        required={false}
        value={value.reason ?? ''}
        error={errors.reason}
        onChange={reason => change({ reason: reason === '' ? undefined : reason })}
      />
    </>
  )
}

const EXAMPLE = '[{ "op": "replace", "path": "/currency", "value": "EUR" }]'

/** A JSON patch as text. What is no JSON yet is sent as text, so that the preview says what is wrong with it. */
function PatchField({ form: { change, errors } }: { form: OperationForm<ReplayInput> }) {
  const [text, setText] = useState('')
  const problem = Object.entries(errors).find(([path]) => path === 'patch' || path.startsWith('patch.'))
  return (
    <details>
      <summary className="cursor-pointer text-md font-medium">Edit the payload</summary>
      <Field
        label="JSON patch (RFC 6902)"
        hint="Applied to the payload of each. The preview shows what changes in some of them."
        error={problem && (problem[0] === 'patch' ? problem[1] : `${problem[0].slice('patch.'.length)} ${problem[1]}`)}
        className="mt-2"
      >
        {control => (
          <Textarea
            {...control}
            value={text}
            placeholder={EXAMPLE}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-sm"
            onChange={event => {
              setText(event.target.value)
              change({ patch: parsed(event.target.value) })
            }}
          />
        )}
      </Field>
    </details>
  )
}

function parsed(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
