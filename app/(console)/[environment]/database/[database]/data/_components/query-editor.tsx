import { Play } from 'lucide-react'
import { useState } from 'react'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import { Panel } from '@/components/status/panel'
import { RelativeTime } from '@/components/status/relative-time'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import type { Parameter } from '@/lib/console/areas/database/saved-queries/parameters'
import type { SavedQuery } from '@/lib/console/areas/database/saved-queries/store'
import { noFields } from '../../_components/create-index'
import { parameterNames } from './parameter-names'
import { QueryParameters } from './query-parameters'
import { SaveQueryForm, type SaveQueryInput } from './save-query-form'

const LONGEST = 4_000

interface QueryEditorProps {
  database: string
  /** The chosen one as it is now. */
  chosen: SavedQuery | undefined
  /** All of them: a new one is one of these once it was saved. */
  known: readonly SavedQuery[]
  busy: boolean
  /** Opens the chosen one again, without what was written here. */
  onReopen: () => void
  onRun: (filters: Record<string, string>) => void
}

/** Writes a query, or fills in the parameters of a saved one, and runs it. */
export function QueryEditor({ database, chosen, known, busy, onReopen, onRun }: QueryEditorProps) {
  const [opened] = useState(chosen)
  const [text, setText] = useState(opened?.text ?? '')
  const [types, setTypes] = useState<Partial<Record<string, Parameter['type']>>>(() =>
    Object.fromEntries((opened?.parameters ?? []).map(({ name, type }) => [name, type])),
  )
  const [values, setValues] = useState<Record<string, string>>({})
  const parameters = parameterNames(text).map(name => ({ name, type: types[name] ?? 'text' }))
  const isWritten = (query: SavedQuery) => query.text === text && isSame(query.parameters, parameters)
  const latest = chosen ?? known.find(isWritten)
  const changed = latest === undefined || !isWritten(latest)
  // The version that this text was written on: only that one may be replaced by it.
  const saved = changed ? opened : latest
  const overtaken = saved !== undefined && latest !== undefined && latest.changedAt !== saved.changedAt

  function run() {
    const given = Object.fromEntries(parameters.map(({ name }) => [name, values[name] ?? '']))
    const what: Record<string, string> = changed
      ? { text, ...(parameters.length > 0 ? { parameters: JSON.stringify(parameters) } : {}) }
      : { query: latest.id }
    onRun({ name: database, ...what, ...(parameters.length > 0 ? { values: JSON.stringify(given) } : {}) })
  }

  return (
    <Panel
      title={saved?.name ?? 'New query'}
      note={saved ? <Changed saved={saved} unsaved={changed} /> : 'read-only, at most 1,000 rows'}
      padded
    >
      <form
        className="grid grid-cols-1 gap-3"
        onSubmit={event => {
          event.preventDefault()
          if (!busy) run()
        }}
      >
        {overtaken ? (
          <Callout tone="warning" title={`${latest.changedBy} has changed it since you opened it`}>
            <Button className="justify-self-start" onClick={onReopen}>
              Open the new version
            </Button>
          </Callout>
        ) : null}
        {saved?.description ? <p className="text-md break-words text-muted">{saved.description}</p> : null}
        <Field label="SQL" hint="One SELECT of tables that you can browse. Write :name for a parameter.">
          {control => (
            <Textarea
              {...control}
              rows={6}
              value={text}
              maxLength={LONGEST}
              spellCheck={false}
              autoCapitalize="off"
              placeholder="select id, state from shop.orders where customer_id = :customer"
              className="min-h-28 font-mono"
              onChange={event => setText(event.target.value)}
              onKeyDown={event => {
                if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
                event.preventDefault()
                event.currentTarget.form?.requestSubmit()
              }}
            />
          )}
        </Field>
        {parameters.length > 0 ? (
          <QueryParameters
            parameters={parameters}
            values={values}
            onType={(name, type) => {
              setTypes({ ...types, [name]: type })
              setValues({ ...values, [name]: '' })
            }}
            onValue={(name, value) => setValues({ ...values, [name]: value })}
          />
        ) : null}
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" variant="primary" disabled={text.trim() === ''} aria-disabled={busy || undefined}>
            <Play aria-hidden />
            {busy ? 'Running' : 'Run'}
          </Button>
          {text.trim() === '' ? null : <Acts database={database} saved={saved} text={text} parameters={parameters} />}
        </div>
      </form>
    </Panel>
  )
}

function Changed({ saved, unsaved }: { saved: SavedQuery; unsaved: boolean }) {
  return (
    <>
      {unsaved ? 'changes not saved; ' : ''}last changed by {saved.changedBy} <RelativeTime at={saved.changedAt} />
    </>
  )
}

interface ActsProps {
  database: string
  saved: SavedQuery | undefined
  text: string
  parameters: Parameter[]
}

function Acts({ database, saved, text, parameters }: ActsProps) {
  const save = useOperation('database.save-query')
  const edit = useOperation('database.edit-query')
  const remove = useOperation('database.delete-query')
  const form = (fields: Parameters<typeof SaveQueryForm>[0]['form']) => <SaveQueryForm form={fields} />
  const draft = { database, text, parameters }
  return (
    <>
      {saved ? (
        <OperationButton<SaveQueryInput>
          operation={edit}
          subject={saved.name}
          label="Save changes…"
          input={{
            ...draft,
            name: saved.name,
            description: saved.description,
            query: saved.id,
            seen: saved.changedAt,
          }}
        >
          {form}
        </OperationButton>
      ) : null}
      <OperationButton<SaveQueryInput>
        operation={save}
        subject={database}
        label={saved ? 'Save as…' : 'Save…'}
        input={{ ...draft, name: '', description: saved?.description ?? '' }}
      >
        {form}
      </OperationButton>
      {saved ? (
        <OperationButton
          operation={remove}
          subject={saved.name}
          label="Delete…"
          variant="danger"
          input={{ database, query: saved.id }}
        >
          {noFields}
        </OperationButton>
      ) : null}
    </>
  )
}

/** In any order: that of the text says nothing. */
function isSame(one: readonly Parameter[], other: readonly Parameter[]): boolean {
  const keyOf = (all: readonly Parameter[]) => JSON.stringify(all.map(({ name, type }) => `${name} ${type}`).sort())
  return keyOf(one) === keyOf(other)
}
