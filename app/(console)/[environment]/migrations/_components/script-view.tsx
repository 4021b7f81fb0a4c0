import { SqlText } from '@/app/(console)/_parts/migrations/sql-text'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { StatusMark } from '@/components/status/status-mark'
import { CopyButton } from '@/components/ui/copy-button'
import type { ShownScript, ShownStatement } from '@/lib/console/areas/migrations/views/migration'

interface ScriptViewProps {
  title: string
  file: string
  script: ShownScript
}

/** One direction: the text as it will be sent, and what each statement would lock. */
export function ScriptView({ title, file, script }: ScriptViewProps) {
  return (
    <Section
      title={title}
      note={
        <span className="inline-flex items-center gap-1">
          {file}
          <CopyButton value={script.sql} label={`Copy ${file}`} />
        </span>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-2 px-4 pb-2">
        {script.problem ? (
          <p className="flex gap-2 text-md">
            <span className="flex h-5 items-center">
              <StatusMark status="bad" label="Cannot be run" />
            </span>
            <span className="break-words">It cannot be run: {script.problem}.</span>
          </p>
        ) : null}
        <div className="overflow-clip rounded-lg border border-line bg-sunk">
          <SqlText sql={script.sql} label={file} />
        </div>
        {script.cut ? <p className="text-sm text-muted">The beginning; the rest is too long to be shown.</p> : null}
        <ul aria-label={`What ${file} would lock`} className="grid gap-1.5">
          {script.statements.map(statement => (
            <Locks key={`${statement.line} ${statement.verb}`} statement={statement} />
          ))}
        </ul>
      </div>
    </Section>
  )
}

function Locks({ statement: { line, verb, locks, advice, unparsed } }: { statement: ShownStatement }) {
  return (
    <li className="grid grid-cols-[56px_minmax(0,1fr)] gap-x-2 text-sm">
      <span className="text-muted tabular-nums">line {line}</span>
      <div className="min-w-0">
        <span className="font-medium">{verb}</span>{' '}
        {locks === undefined ? (
          <span className="text-muted">
            {unparsed === undefined
              ? 'What it locks is not known from its text.'
              : `The parser of Postgres 18 does not understand it: ${unparsed}.`}
          </span>
        ) : locks.length === 0 ? (
          <span className="text-muted">locks nothing in use.</span>
        ) : (
          locks.map(({ mode, table, words }) => (
            <p key={`${mode} ${table}`} className="first-of-type:inline">
              {mode === 'rows' ? 'locks the rows it writes' : `takes ${mode}`}
              {table ? (
                <>
                  {' '}
                  {mode === 'rows' ? 'in' : 'on'} <code className="break-all">{table}</code>
                </>
              ) : null}
              . <span className="text-muted">{words}</span>
            </p>
          ))
        )}
        {advice === undefined ? null : <p className="text-muted">Safer: {advice}</p>}
      </div>
    </li>
  )
}
