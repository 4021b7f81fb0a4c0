'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { KeySearch } from '@/app/(console)/_parts/keys/key-search'
import { OperationButton } from '@/components/operation/operation-button'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { type Status, StatusMark } from '@/components/status/status-mark'
import { Badge } from '@/components/ui/badge'
import type { CacheKeyCopiesData, ProcessCopy } from '@/lib/console/areas/caches/views/cache-key-copies'
import { formatBytes, formatExact } from '@/lib/core/number-format'
import { InvalidateForm, type InvalidateInput } from './invalidate-form'

type Copy = NonNullable<ProcessCopy['copy']>

/** What each process has in memory under a key beside what Redis has, asked when wanted. */
export function KeyCopies({ environment, cache, name }: { environment: string; cache: string; name: string }) {
  return (
    <section aria-label="Copies in memory" className="mt-2 border-t border-line pt-1">
      <KeySearch<CacheKeyCopiesData>
        environment={environment}
        view="cache-key-copies"
        query={{ cache, key: name }}
        words={['Compare with memory', 'Asking the processes…']}
        fields={<h5 className="min-w-0 flex-1 self-center text-md font-medium">Copies in memory</h5>}
      >
        {({ shared, copies }) =>
          copies ? (
            <PartBoundary part={copies} what="The fleet">
              {({ processes, total }) => (
                <>
                  <Summary processes={processes} total={total} />
                  <ul>
                    {shared ? <SharedRow shared={shared} /> : null}
                    {processes.map(process => (
                      <ProcessRow key={process.process} process={process} />
                    ))}
                  </ul>
                  {processes.some(disagrees) ? <Invalidate cache={cache} name={name} /> : null}
                </>
              )}
            </PartBoundary>
          ) : null
        }
      </KeySearch>
    </section>
  )
}

const disagrees = ({ says }: ProcessCopy) =>
  says === 'older' || says === 'newer' || says === 'different' || says === 'only-here'

function Summary({ processes, total }: { processes: readonly ProcessCopy[]; total: number }) {
  const count = (matches: (process: ProcessCopy) => boolean) => processes.filter(matches).length
  const [held, differing, silent] = [
    count(({ copy }) => copy !== undefined),
    count(disagrees),
    count(({ says }) => says === 'silent'),
  ]
  const parts = [
    `In the memory of ${formatExact(held)} of ${formatExact(processes.length)} ${processes.length === 1 ? 'process' : 'processes'}`,
    ...(differing > 0 ? [`${formatExact(differing)} not as in Redis`] : []),
    ...(silent > 0 ? [`${formatExact(silent)} without an answer`] : []),
  ]
  return (
    <p role="status" className="px-4 py-1 text-md">
      {parts.join(', ')}.
      {processes.length < total ? ` ${formatExact(total - processes.length)} more were not asked.` : ''}
    </p>
  )
}

function SharedRow({ shared }: { shared: NonNullable<CacheKeyCopiesData['shared']> }) {
  if (shared.status === 'down') return <Row mark="unknown" name="Redis" words={shared.reason} />
  const { kept, copy } = shared.data
  if (!kept) return null
  return <Row mark={undefined} name="Redis" words={copy ? 'what all share' : 'has no such entry'} copy={copy} />
}

function ProcessRow({ process }: { process: ProcessCopy }) {
  const { instance, says, reason, unserved, copy } = process
  const served = unserved === undefined && copy !== undefined && copy.expiresInMs > 0
  const { mark, words } = WORDS[says]
  const unservedWords = copy && !served ? `, not served: ${unserved ?? 'its time is over'}` : ''
  return (
    <Row
      mark={mark === 'bad' && !served ? 'warning' : mark}
      name={instance}
      words={`${reason ?? words}${unservedWords}`}
      copy={copy}
    />
  )
}

/** By shape and word. What is older is served instead of what Redis has. */
const WORDS: Record<ProcessCopy['says'], { mark: Status | undefined; words: string }> = {
  same: { mark: 'good', words: 'same as in Redis' },
  older: { mark: 'bad', words: 'older than in Redis' },
  newer: { mark: 'warning', words: 'newer than in Redis' },
  different: { mark: 'bad', words: 'not the value in Redis' },
  'only-here': { mark: 'warning', words: 'in memory, and not in Redis' },
  unchecked: { mark: 'unknown', words: 'in memory; not compared with Redis' },
  absent: { mark: undefined, words: 'not in memory' },
  silent: { mark: 'unknown', words: 'no answer' },
  unable: { mark: 'unknown', words: 'cannot be asked' },
}

function Row({ mark, name, words, copy }: { mark: Status | undefined; name: string; words: string; copy?: Copy }) {
  return (
    <li className="grid min-h-(--row) grid-cols-[12px_minmax(0,1fr)] items-center gap-x-2 border-t border-line px-4 py-1.5 text-md">
      {mark ? (
        <StatusMark status={mark} className="size-2.5" />
      ) : (
        <span aria-hidden className="text-faint">
          –
        </span>
      )}
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <MiddleTruncate text={name} className="max-w-48" />
        <span className="text-sm">{words}</span>
      </span>
      {copy ? (
        <span className="col-start-2 flex flex-wrap items-baseline gap-x-3 text-sm tabular-nums text-muted">
          {copy.letter ? <Badge tone="outline">value {copy.letter}</Badge> : null}
          <span>epoch {formatExact(copy.epoch)}</span>
          <span>
            stored <Duration ms={Math.round(copy.ageMs)} /> ago
          </span>
          <span>
            {copy.expiresInMs > 0 ? 'expires in ' : 'expired '}
            <Duration ms={Math.round(Math.abs(copy.expiresInMs))} />
            {copy.expiresInMs > 0 ? '' : ' ago'}
          </span>
          <span>{formatBytes(copy.bytes)}</span>
        </span>
      ) : null}
    </li>
  )
}

function Invalidate({ cache, name }: { cache: string; name: string }) {
  return (
    <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-2">
      <OperationButton<InvalidateInput>
        operation={useOperation('cache.invalidate')}
        input={{ cache, where: { by: 'key', key: name } }}
        label="Invalidate this key…"
        subject={cache}
        variant="danger"
      >
        {form => <InvalidateForm form={form} />}
      </OperationButton>
      <span className="text-sm text-muted">Then every process makes or reads it again.</span>
    </div>
  )
}
