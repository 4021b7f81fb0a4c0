import { AffectedCount } from '@/components/operation/affected-count'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import type { Preview } from '@/lib/console/platform/operation/wire'
import { formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'

const MOST_NAMES = 8

/** What would happen, in a sentence, with what to beware of. */
export function PreviewHeadline({ preview, stale }: { preview: Preview; stale: boolean }) {
  return (
    <div
      className="grid grid-cols-[minmax(0,1fr)] gap-3"
      data-stale={stale || undefined}
      aria-busy={stale || undefined}
    >
      {/* Two lines high, so that the fields below stay where they are while the sentence changes. */}
      <p role="status" className="min-h-12 text-xl font-semibold break-words">
        {preview.summary}
      </p>
      {preview.warnings.map(warning => (
        <Callout key={warning} tone="warning" mark={<StatusMark status="warning" label="Warning" />}>
          <p className="break-words">{warning}</p>
        </Callout>
      ))}
    </div>
  )
}

/** How many, which, what depends on it, how it is undone, and the text that would be sent. */
export function PreviewDetails({ preview, stale }: { preview: Preview; stale: boolean }) {
  const { affected, dependents } = preview
  const facts: Fact[] = [{ label: 'Affects', value: <AffectedCount affected={affected} /> }]
  if (affected.sample.length > 0) {
    facts.push({
      label: isAll(preview) ? 'These' : 'Among them',
      value: <Names names={affected.sample} total={affected.count} />,
    })
  }
  if (dependents.length > 0)
    facts.push({ label: 'Depend on it', value: <Names names={dependents} total={dependents.length} /> })
  facts.push({ label: 'Undo', value: <UndoWords preview={preview} /> })
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3" data-stale={stale || undefined}>
      <KeyValue facts={facts} />
      {preview.texts?.map(({ name, text }) => (
        <details key={name} open={preview.texts?.length === 1} className="rounded-lg border border-line bg-sunk">
          <summary className="cursor-pointer px-3 py-1.5 font-mono text-sm break-all">{name}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0} className="max-h-56 overflow-auto border-t border-line px-3 py-2 text-sm leading-5">
            {text}
          </pre>
        </details>
      ))}
    </div>
  )
}

function UndoWords({ preview: { undo, undoWords } }: { preview: Preview }) {
  if (undo) return [`possible for ${formatWhole(undo.windowMs)}`, undoWords].filter(Boolean).join('; ')
  return undoWords ?? <span className="font-medium">not possible</span>
}

function Names({ names, total }: { names: readonly string[]; total: number | undefined }) {
  const shown = names.slice(0, MOST_NAMES)
  const rest = (total ?? names.length) - shown.length
  return (
    <ul className="grid min-w-0">
      {shown.map(name => (
        // Beginnings and ends alike say which it is: a job's id, what it failed of.
        <li key={name} title={name} className="line-clamp-2 font-mono text-sm break-all">
          {name}
        </li>
      ))}
      {rest > 0 ? <li className="text-muted">and {formatExact(rest)} more</li> : null}
    </ul>
  )
}

function isAll({ affected }: Preview) {
  return affected.precision === 'exact' && affected.count === affected.sample.length
}
