'use client'

import { useState } from 'react'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { OperationButton } from '@/components/operation/operation-button'
import { ReasonField } from '@/components/operation/reason-field'
import { PartBoundary } from '@/components/status/part-boundary'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import { Skeleton } from '@/components/ui/skeleton'
import type { CachesData } from '@/lib/console/areas/caches/views/caches'
import type { KeyPrefixData } from '@/lib/console/areas/caches/views/key-prefix'
import { FoundKeys } from './found-keys'

interface KeysSheetProps {
  environment: string
  servers: CachesData['servers']
  server: string
  pattern: string
  onChange: (patch: { keys?: string; pattern?: string }) => void
}

interface DeleteInput {
  server: string
  pattern: string
  reason: string
}

/** Keys of other programs in a Redis: found by pattern, counted, and deleted. */
export function KeysSheet({ environment, servers, server, pattern, onChange }: KeysSheetProps) {
  const [draft, setDraft] = useState(pattern)
  const operation = useOperation('cache.delete-keys')
  return (
    <>
      <SheetHeader title="Keys by prefix" description="Any keys of a watched Redis, whichever program made them" />
      <SheetBody>
        <form
          className="grid gap-3"
          onSubmit={event => {
            event.preventDefault()
            onChange({ pattern: draft.trim() })
          }}
        >
          <Field label="Server">
            {control => (
              <Select
                {...control}
                value={server}
                options={servers.map(({ name, address }) => ({ value: name, label: `${name}, ${address}` }))}
                onChange={event => onChange({ keys: event.target.value })}
              />
            )}
          </Field>
          <Field label="Pattern" hint="As Redis matches; it begins with at least two characters that are no wildcards.">
            {control => (
              <div className="flex gap-2">
                <Input
                  {...control}
                  placeholder="session:*"
                  value={draft}
                  maxLength={500}
                  spellCheck={false}
                  className="min-w-0 flex-1 font-mono"
                  onChange={event => setDraft(event.target.value)}
                />
                <Button type="submit">Count</Button>
              </div>
            )}
          </Field>
        </form>
        {pattern ? (
          <Found key={`${server} ${pattern}`} environment={environment} server={server} pattern={pattern} />
        ) : null}
      </SheetBody>
      {pattern ? (
        <SheetFooter className="justify-start">
          <OperationButton<DeleteInput>
            operation={operation}
            input={{ server, pattern, reason: '' }}
            label="Delete them…"
            subject={pattern}
            variant="danger"
          >
            {({ value, change, errors }) => (
              <>
                <p className="text-md">
                  Keys of <b className="font-medium">{server}</b> matching <code className="break-all">{pattern}</code>{' '}
                  are removed for good. Nothing is removed before you have seen how many.
                </p>
                {errors.pattern ? <p className="text-sm text-bad">The pattern {errors.pattern}.</p> : null}
                <ReasonField
                  required
                  value={value.reason}
                  error={errors.reason}
                  onChange={reason => change({ reason })}
                />
              </>
            )}
          </OperationButton>
          {operation.allowed ? null : <span className="text-sm text-muted">needs the {operation.needs} role</span>}
        </SheetFooter>
      ) : null}
    </>
  )
}

function Found({ environment, server, pattern }: { environment: string; server: string; pattern: string }) {
  const { reading, failed } = useView<KeyPrefixData>(
    { view: 'key-prefix', environment, filters: { server, pattern } },
    undefined,
  )
  if (failed)
    return (
      <Callout tone="bad" mark={<StatusMark status="bad" />} title="They could not be counted" className="mt-4">
        <p>{failed}</p>
      </Callout>
    )
  if (!reading) return <Skeleton className="mt-4 h-24" />
  const { keys } = reading.data
  if (!keys)
    return (
      <p className="mt-4 text-md text-muted">
        This pattern cannot be counted: give one of 1 to 500 characters, such as session:*.
      </p>
    )
  return (
    <div className="-mx-4 mt-4 border-t border-line pt-2">
      <PartBoundary part={keys} what={`Redis ${server}`}>
        {data => (
          <>
            <FoundKeys found={data} noun={['key', 'keys']} />
            {Object.keys(data.types).some(type => type !== 'string') ? (
              <p className="px-4 py-1 text-sm text-warning">
                Types among the first:{' '}
                {Object.entries(data.types)
                  .map(([type, count]) => `${count} ${type}`)
                  .join(', ')}
                .
              </p>
            ) : null}
          </>
        )}
      </PartBoundary>
    </div>
  )
}
