import type { IndexState, SequenceState, TableState } from '../../../infrastructure/insight/index.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted } from '../../platform/counted.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import { secondsWords } from './blockers.ts'
import type { QueryRow } from './statements/rows.ts'
import { type Unread, unreadItem } from './unread-item.ts'

const EXHAUSTED_SOON = 0.9
const MOST_ITEMS = 3
const PART_WORDS = {
  slower: 'statements that became slower',
  sequences: 'sequences near their end',
  invalid: 'INVALID indexes',
  heldBack: 'dead rows that stay',
} as const

/** What was read of one database. */
export interface Upkeep {
  name: string
  slower: Part<readonly QueryRow[]>
  sequences: Part<readonly SequenceState[]>
  invalid: Part<readonly IndexState[]>
  /** Tables whose dead rows stay, with what keeps them. */
  heldBack: Part<readonly { table: TableState; words: string }[]>
  /** False: the server as a whole does not answer, which is an item of the health area. */
  answers: boolean
}

export function ofUpkeep(upkeep: Upkeep, now: number): AttentionItem[] {
  const { name, slower, sequences, invalid, heldBack } = upkeep
  const page = `database/${encodeURIComponent(name)}`
  const tableHref = (schema: string, table: string) =>
    `${page}/tables?schema=${encodeURIComponent(schema)}&table=${encodeURIComponent(table)}`
  return [
    ...unreadItem(name, 'upkeep', unreadOf(upkeep)),
    ...itemsOf(slower, now, ({ query, deploy, origin, text }): AttentionItem[] => {
      if (!deploy) return []
      const times = deploy.after.meanMs / deploy.before.meanMs
      return [
        {
          id: `database:${name}:slower:${query}:${deploy.version}`,
          band: times >= 10 ? 'degraded' : 'notice',
          share: Math.min(1, times / 20),
          subject: name,
          text: `has a statement that is ${times >= 10 ? Math.round(times) : times.toFixed(1)} times slower since ${deploy.service} ${deploy.version}`,
          detail: `${origin?.service ? `Sent by ${[origin.service, origin.route ?? origin.job].filter(Boolean).join(' ')}. ` : ''}Its mean rose from ${deploy.before.meanMs.toFixed(1)} to ${deploy.after.meanMs.toFixed(1)} ms: ${(text ?? query).replace(/\s+/g, ' ').slice(0, 140)}`,
          since: deploy.at,
          href: `${page}/queries?query=${query}`,
          act: 'See the query',
        },
      ]
    }),
    ...itemsOf(
      sequences,
      now,
      (sequence): AttentionItem => ({
        id: `database:${name}:sequence:${sequence.schema}.${sequence.name}`,
        band: sequence.used >= EXHAUSTED_SOON ? 'degraded' : 'notice',
        share: sequence.used,
        subject: name,
        text: `has a sequence that is ${Math.floor(sequence.used * 100)} % used up`,
        detail: `${sequence.column ?? `${sequence.schema}.${sequence.name}`} has reached ${sequence.last.toLocaleString('en')} of ${sequence.limit.toLocaleString('en')} (${sequence.type}). At its end every insert fails; a bigint column takes a rewrite, so plan it now.`,
        href: `${page}/tables`,
        act: 'See the tables',
      }),
    ),
    ...itemsOf(
      invalid,
      now,
      (index): AttentionItem => ({
        id: `database:${name}:invalid:${index.schema}.${index.name}`,
        band: 'notice',
        share: 0.4,
        subject: name,
        text: `has an INVALID index, ${index.name}`,
        detail: `A build of it failed or was cancelled. No query uses it, and every write to ${index.schema}.${index.table} still maintains it.`,
        href: tableHref(index.schema, index.table),
        act: 'See the table',
      }),
    ),
    ...itemsOf(
      mapPart(heldBack, tables => tables.slice(0, 1).map(first => ({ ...first, count: tables.length }))),
      now,
      ({ table, words, count }): AttentionItem => ({
        id: `database:${name}:held-back`,
        band: 'notice',
        share: 0.6,
        subject: name,
        text:
          count === 1
            ? `has dead rows in ${table.schema}.${table.name} that VACUUM cannot remove`
            : `has dead rows in ${counted(count, 'table')} that VACUUM cannot remove`,
        detail: words,
        href: tableHref(table.schema, table.name),
        act: 'See the table',
      }),
    ),
  ]
}

/** What was read last stays, and says how old it is. */
function itemsOf<T>(
  part: Part<readonly T[]>,
  now: number,
  toItems: (one: T) => AttentionItem | AttentionItem[],
): AttentionItem[] {
  if (part.status === 'down') return []
  const items = part.data.slice(0, MOST_ITEMS).flatMap(toItems)
  if (part.status === 'up') return items
  const age = `Read ${secondsWords(now - part.at)} ago, and not since: ${part.reason}.`
  return items.map(item => ({ ...item, detail: `${item.detail} ${age}` }))
}

function unreadOf({ answers, ...parts }: Upkeep): Unread[] {
  if (!answers) return []
  return (Object.keys(PART_WORDS) as (keyof typeof PART_WORDS)[]).flatMap(kind => {
    const part = parts[kind]
    const unknown = part.status === 'down' || (part.status === 'stale' && part.data.length === 0)
    return unknown ? [{ ...part, words: PART_WORDS[kind] }] : []
  })
}
