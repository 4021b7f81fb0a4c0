'use client'

import { useRef, useState } from 'react'
import { OwnerAndRunbook } from '@/app/(console)/_parts/ownership/owner-and-runbook'
import { useRowKeys } from '@/components/data-table/row-keys'
import { Panel } from '@/components/status/panel'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import type { RankedItem } from '@/lib/console/platform/attention/collect'
import { formatExact } from '@/lib/core/number-format'
import { InlineName } from './inline-name'
import { ItemMenu, MarkLine } from './item-menu'

const SHOWN = 6
const severityWord = { bad: 'Failing', warning: 'Warning', unknown: 'Unknown' }

interface AttentionListProps {
  environment: string
  items: readonly RankedItem[]
  /** How many there are, of which these are the first. */
  count: number
  muted: readonly RankedItem[]
}

/** What needs a person, the gravest first, each with the place where the likely act is. */
export function AttentionList({ environment, items, count, muted }: AttentionListProps) {
  const [whole, setWhole] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const shown = whole ? items : items.slice(0, SHOWN)
  useRowKeys({ list, count: shown.length })
  return (
    <Panel title="Needs attention" note={count > 1 ? `${formatExact(count)}, ranked by effect on users` : undefined}>
      <div ref={list} data-rows>
        <ul>
          {shown.map((item, index) => (
            <AttentionRow key={item.id} environment={environment} item={item} index={index} />
          ))}
        </ul>
      </div>
      {items.length > shown.length ? (
        <div className="border-t border-line px-3.5 py-2">
          <Button variant="ghost" size="sm" onClick={() => setWhole(true)}>
            Show {items.length - shown.length} more
          </Button>
        </div>
      ) : null}
      {whole && count > items.length ? (
        <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
          {formatExact(count - items.length)} more are on the pages they belong to.
        </p>
      ) : null}
      {items.length === 0 ? <p className="px-3.5 py-2.5 text-md text-muted">Nothing that is not muted.</p> : null}
      {muted.length > 0 ? (
        <details className="border-t border-line">
          <summary className="cursor-pointer px-3.5 py-2 text-sm text-muted">{formatExact(muted.length)} muted</summary>
          <ul className="border-t border-line">
            {muted.map(item => (
              <AttentionRow key={item.id} environment={environment} item={item} />
            ))}
          </ul>
        </details>
      ) : null}
    </Panel>
  )
}

interface AttentionRowProps {
  environment: string
  item: RankedItem
  /** Its place in the list that the keyboard walks through. */
  index?: number
}

function AttentionRow({ environment, item, index }: AttentionRowProps) {
  return (
    <li
      data-index={index}
      className="grid grid-cols-[14px_minmax(0,1fr)] gap-x-3 border-b border-line px-3.5 py-2.5 last:border-0 wide:grid-cols-[14px_minmax(0,1fr)_auto] wide:items-center"
    >
      <span className="flex h-5 items-center self-start">
        <StatusMark status={item.severity} label={severityWord[item.severity]} className="size-3" />
      </span>
      <div className="min-w-0">
        <p className="text-lg break-words">
          <b className="font-semibold">
            <InlineName text={item.subject} />
          </b>{' '}
          {item.text}
        </p>
        <p className="mt-0.5 line-clamp-3 text-md break-words text-muted" title={item.detail}>
          {item.detail}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-faint empty:hidden">
          {item.since === undefined ? null : (
            <span>
              for <RelativeTime at={item.since} as="age" />
            </span>
          )}
          {item.recovering ? <span>recovering on its own</span> : null}
          <OwnerAndRunbook owner={item.owner} runbook={item.runbook} />
        </p>
        {item.mark ? <MarkLine mark={item.mark} /> : null}
      </div>
      <div className="flex items-center gap-1 justify-self-start max-wide:col-start-2 max-wide:mt-2">
        <Button asChild>
          <AppLink data-row-link href={`/${environment}/${item.href}`} aria-label={`${item.act}: ${item.subject}`}>
            {item.act}
          </AppLink>
        </Button>
        <ItemMenu item={item} />
      </div>
    </li>
  )
}
