import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SegmentedControl } from '@/components/ui/segmented-control'

type Where =
  | { by: 'key'; key: string }
  | { by: 'pattern'; pattern: string }
  | { by: 'tag'; tag: string }
  | { by: 'all' }

export interface InvalidateInput {
  cache: string
  where: Where
  reason?: string
}

const WAYS = [
  { value: 'pattern', label: 'Pattern' },
  { value: 'key', label: 'Key' },
  { value: 'tag', label: 'Tag' },
  { value: 'all', label: 'All of it' },
] as const

const HINTS = {
  pattern: 'As Redis matches: product:* means every key that begins so.',
  key: 'One key, exactly as the service names it.',
  tag: 'Every entry that was stored with this tag.',
} as const

/** What goes: by pattern, key or tag, or everything. */
export function InvalidateForm({ form }: { form: OperationForm<InvalidateInput> }) {
  const { value, change, errors } = form
  const { where } = value
  const text = textOf(where)
  return (
    <>
      <div className="grid gap-1.5">
        <p className="text-md font-medium">Invalidate</p>
        <SegmentedControl
          label="By"
          value={where.by}
          segments={WAYS}
          onChange={by => change({ where: whereOf(by, text) })}
        />
        {where.by === 'all' ? (
          <p className="text-sm text-muted">
            Every entry is removed, in Redis and in memory. Lookups go to the origin until the cache has filled again.
          </p>
        ) : (
          <Field
            label={<span className="sr-only">{WAYS.find(way => way.value === where.by)?.label}</span>}
            hint={HINTS[where.by]}
            error={errors[`where.${where.by}`] ?? errors.where}
          >
            {control => (
              <Input
                {...control}
                value={text}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                onChange={event => change({ where: whereOf(where.by, event.target.value) })}
              />
            )}
          </Field>
        )}
      </div>
      <ReasonField
        required={false}
        value={value.reason ?? ''}
        error={errors.reason}
        onChange={reason => change({ reason: reason === '' ? undefined : reason })}
      />
    </>
  )
}

function textOf(where: Where): string {
  if (where.by === 'key') return where.key
  if (where.by === 'pattern') return where.pattern
  return where.by === 'tag' ? where.tag : ''
}

function whereOf(by: Where['by'], text: string): Where {
  if (by === 'key') return { by, key: text }
  if (by === 'pattern') return { by, pattern: text }
  return by === 'tag' ? { by, tag: text } : { by }
}
