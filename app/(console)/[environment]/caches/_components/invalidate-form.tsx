import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { Where } from '@/lib/console/areas/caches/where'
import { PaceFields } from './pace-fields'

export interface InvalidateInput {
  cache: string
  where: Where
  /** Left out: at once. */
  pace?: { perSecond: number }
  reason?: string
}

const WAYS: readonly { value: Where['by']; label: string; hint: string }[] = [
  { value: 'pattern', label: 'Pattern', hint: 'As Redis matches: product:* means every key that begins so.' },
  { value: 'key', label: 'Key', hint: 'One key, exactly as the service names it.' },
  { value: 'tag', label: 'Tag', hint: 'Every entry that was stored with this tag.' },
  { value: 'entity', label: 'Entity', hint: 'Every entry that was stored as being about it: product 42.' },
  { value: 'user', label: 'User', hint: 'Every entry that was stored for this user.' },
  { value: 'workspace', label: 'Workspace', hint: 'Every entry that was stored for this workspace.' },
  {
    value: 'all',
    label: 'All of it',
    hint: 'Every entry is removed, in Redis and in memory. Lookups go to the origin until the cache has filled again.',
  },
]

/** The first of what can be done, as the form opens. */
export function firstWhere(can: readonly Where['by'][] | undefined): Where {
  const by = WAYS.find(({ value }) => can === undefined || can.includes(value))?.value ?? 'all'
  return whereOf(by, '')
}

interface InvalidateFormProps {
  form: OperationForm<InvalidateInput>
  /** By what its cache can be invalidated: by everything when absent. */
  can?: readonly Where['by'][]
}

/** What goes: by pattern, key, tag, entity, user or workspace, or everything. */
export function InvalidateForm({ form, can }: InvalidateFormProps) {
  const { value, change, errors } = form
  const { where } = value
  const way = WAYS.find(({ value }) => value === where.by)
  const input = (label: string, field: string, text: string, onChange: (text: string) => void, hint?: string) => (
    <Field label={label} hint={hint} error={errors[`where.${field}`]} className="min-w-0 flex-1">
      {control => (
        <Input
          {...control}
          value={text}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          onChange={event => onChange(event.target.value)}
        />
      )}
    </Field>
  )
  return (
    <>
      <Field label="Invalidate by" hint={where.by === 'all' ? way?.hint : undefined} error={errors.where}>
        {control => (
          <Select
            {...control}
            value={where.by}
            options={WAYS.filter(({ value }) => can === undefined || can.includes(value)).map(({ value, label }) => ({
              value,
              label,
            }))}
            onChange={event => change(byWay(event.target.value as Where['by'], where))}
          />
        )}
      </Field>
      {where.by === 'all' ? null : where.by === 'entity' ? (
        <div className="flex gap-3">
          {input('Kind', 'type', where.type, type => change({ where: { ...where, type } }), way?.hint)}
          {input('Id', 'id', where.id, id => change({ where: { ...where, id } }))}
        </div>
      ) : (
        input(
          way?.label ?? '',
          where.by === 'user' || where.by === 'workspace' ? 'id' : where.by,
          textOf(where),
          text => change({ where: whereOf(where.by, text) }),
          way?.hint,
        )
      )}
      {where.by !== 'key' && (value.pace || form.preview?.offers?.includes('pace')) ? <PaceFields form={form} /> : null}
      <ReasonField
        required={false}
        value={value.reason ?? ''}
        error={errors.reason}
        onChange={reason => change({ reason: reason === '' ? undefined : reason })}
      />
    </>
  )
}

/** A single key goes at once. */
function byWay(by: Where['by'], where: Where): Partial<InvalidateInput> {
  return { where: whereOf(by, textOf(where)), ...(by === 'key' ? { pace: undefined } : {}) }
}

/** What was typed, which another way of saying it keeps. */
function textOf(where: Where): string {
  switch (where.by) {
    case 'key':
      return where.key
    case 'pattern':
      return where.pattern
    case 'tag':
      return where.tag
    case 'all':
      return ''
    default:
      return where.id
  }
}

function whereOf(by: Where['by'], text: string): Where {
  switch (by) {
    case 'key':
      return { by, key: text }
    case 'pattern':
      return { by, pattern: text }
    case 'tag':
      return { by, tag: text }
    case 'entity':
      return { by, type: '', id: text }
    case 'all':
      return { by }
    default:
      return { by, id: text }
  }
}
