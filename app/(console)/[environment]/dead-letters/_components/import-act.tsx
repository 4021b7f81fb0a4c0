import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import type { OperationForm } from '@/components/operation/preview-step'
import { ReasonField } from '@/components/operation/reason-field'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'

interface ImportInput {
  server: string
  queue: string
  lines: string
  reason?: string
}

interface ImportActProps {
  servers: readonly string[]
  /** The queue that the list is narrowed to. */
  queue: string | undefined
}

/** Adds the dead letters of a file to a queue. */
export function ImportAct({ servers, queue = '' }: ImportActProps) {
  const operation = useOperation('dead-letters.import')
  return (
    <OperationButton<ImportInput>
      operation={operation}
      input={{ server: servers[0] ?? '', queue, lines: '' }}
      label="Import…"
      subject="an exported file"
    >
      {form => <ImportForm form={form} servers={servers} />}
    </OperationButton>
  )
}

function ImportForm({ form, servers }: { form: OperationForm<ImportInput>; servers: readonly string[] }) {
  const { value, change, errors } = form
  return (
    <>
      <Field label="Redis" error={errors.server}>
        {control => (
          <Select
            {...control}
            value={value.server}
            options={servers.map(server => ({ value: server, label: server }))}
            onChange={event => change({ server: event.target.value })}
          />
        )}
      </Field>
      <Field label="Queue" hint="With its prefix: bull:mail" error={errors.queue} required>
        {control => (
          <Input
            {...control}
            value={value.queue}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            onChange={event => change({ queue: event.target.value })}
          />
        )}
      </Field>
      <Field label="File" hint="As the export writes it: 2,000 lines at most." error={errors.lines} required>
        {control => (
          <Input
            {...control}
            type="file"
            accept=".ndjson,application/x-ndjson"
            onChange={async event => change({ lines: (await event.target.files?.[0]?.text()) ?? '' })}
          />
        )}
      </Field>
      <ReasonField
        required={false}
        value={value.reason ?? ''}
        error={errors.reason}
        onChange={reason => change({ reason: reason === '' ? undefined : reason })}
      />
    </>
  )
}
