import { type Fact, KeyValue } from '@/components/status/key-value'
import { Meter } from '@/components/status/meter'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import type { TableData, TableDetails } from '@/lib/console/areas/database/views/table'
import { formatBytes, formatExact, formatPercent } from '@/lib/core/number-format'

interface TableFactsProps {
  details: NonNullable<TableDetails['table']>
  sequences: TableData['sequences']
}

export function TableFacts({ details: { state, size }, sequences }: TableFactsProps) {
  const blocks = state.hitBlocks + state.readBlocks
  const facts: Fact[] = [
    {
      label: 'Table, indexes',
      value: size ? (
        <>
          {formatBytes(size.tableBytes)} <span className="text-muted">and</span> {formatBytes(size.indexBytes)}
        </>
      ) : (
        <Unknown />
      ),
    },
    {
      label: 'Bloat',
      value:
        size?.bloatBytes == null ? (
          <Unknown why="Too small to say, or never analyzed" />
        ) : (
          <>
            about {formatBytes(size.bloatBytes)}{' '}
            <span className="text-muted">({formatPercent(size.bloatBytes / size.tableBytes)}, estimated)</span>
          </>
        ),
    },
    {
      label: 'Dead rows',
      value: (
        <>
          <ShortNumber value={state.deadRows} />
          <span className="text-muted">
            {state.autovacuum ? `, vacuumed from ${formatExact(Math.round(state.vacuumAt))} on` : ', autovacuum is off'}
          </span>
        </>
      ),
    },
    {
      label: 'Vacuumed',
      value: <Times hand={state.vacuumedAt} auto={state.autovacuumedAt} />,
    },
    { label: 'Analyzed', value: <At at={state.analyzedAt} /> },
    {
      label: 'Scans',
      value: (
        <>
          <ShortNumber value={state.sequentialScans} /> <span className="text-muted">of the whole table,</span>{' '}
          <ShortNumber value={state.indexScans} /> <span className="text-muted">by index</span>
        </>
      ),
    },
    {
      label: 'Cache hit',
      value: <ShortNumber as="percent" value={blocks === 0 ? undefined : state.hitBlocks / blocks} />,
    },
    {
      label: 'Written',
      value: (
        <>
          <ShortNumber value={state.inserted} /> <span className="text-muted">inserted,</span>{' '}
          <ShortNumber value={state.updated} /> <span className="text-muted">updated</span>
          {state.updated > 0 ? (
            <span className="text-muted"> ({formatPercent(state.hotUpdated / state.updated)} in place)</span>
          ) : null}
          <span className="text-muted">,</span> <ShortNumber value={state.deleted} />{' '}
          <span className="text-muted">deleted</span>
        </>
      ),
    },
    {
      label: 'Oldest row',
      value: (
        <>
          <ShortNumber value={state.frozenAge} /> <span className="text-muted">transactions since it was frozen</span>
        </>
      ),
    },
    ...(sequences ? [{ label: 'Sequences', value: <Sequences part={sequences} /> }] : []),
  ]
  return <KeyValue facts={facts} className="px-4 py-3.5 tabular-nums" />
}

function At({ at }: { at: number | null }) {
  return at === null ? <span className="text-muted">never, since statistics are kept</span> : <RelativeTime at={at} />
}

function Times({ hand, auto }: { hand: number | null; auto: number | null }) {
  if (hand === null && auto === null) return <At at={null} />
  return (
    <>
      {auto === null ? null : (
        <>
          <RelativeTime at={auto} /> <span className="text-muted">automatically</span>
        </>
      )}
      {hand !== null && auto !== null ? ', ' : null}
      {hand === null ? null : (
        <>
          <RelativeTime at={hand} /> <span className="text-muted">by someone</span>
        </>
      )}
    </>
  )
}

function Sequences({ part }: { part: NonNullable<TableData['sequences']> }) {
  return (
    <PartBoundary part={part} what="The list of sequences">
      {sequences =>
        sequences.length === 0 ? (
          <span className="text-muted">none has given a number</span>
        ) : (
          <ul className="grid gap-1">
            {sequences.map(({ schema, name, used, last, limit, type, cycles }) => (
              <li key={`${schema}.${name}`} className="flex flex-wrap items-center gap-x-2">
                <Meter
                  label={`${name}, used`}
                  value={used}
                  max={1}
                  threshold={0.75}
                  status={used >= 0.9 && !cycles ? 'bad' : used >= 0.75 && !cycles ? 'warning' : 'good'}
                  className="w-16"
                />
                <span title={`${formatExact(last)} of ${formatExact(limit)}`}>{formatPercent(used)}</span>
                <span className="text-muted">
                  of {type}, {name}
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </PartBoundary>
  )
}
