'use client'

import type { ComponentProps, ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

interface NumberFieldProps extends Pick<ComponentProps<'input'>, 'min' | 'max' | 'step' | 'placeholder'> {
  label: ReactNode
  hint?: ReactNode
  error?: string
  /** NaN or undefined: the field is empty. */
  value: number | undefined
  /** Gets NaN for an empty field. */
  onChange: (value: number) => void
  unit?: ReactNode
  /** Of the input: `w-24`. */
  width?: string
}

/** A number with its unit beside it. */
export function NumberField({ label, hint, error, value, onChange, unit, width = 'w-24', ...input }: NumberFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {control => (
        <span className="flex items-center gap-2 text-md">
          <span className={cn('shrink-0', width)}>
            <Input
              {...control}
              {...input}
              type="number"
              inputMode="decimal"
              value={value === undefined || Number.isNaN(value) ? '' : value}
              onChange={event => onChange(event.target.valueAsNumber)}
              className="tabular-nums"
            />
          </span>
          {unit ? <span className="whitespace-nowrap text-muted">{unit}</span> : null}
        </span>
      )}
    </Field>
  )
}
