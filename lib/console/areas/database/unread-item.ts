import type { AttentionItem } from '../../platform/attention/item.ts'

/** What could not be read of a database that answers, and why. */
export interface Unread {
  /** What was looked for: `INVALID indexes`. */
  words: string
  reason: string
  since: number
  nextStep?: string
}

/** That nothing was found means nothing where nothing was read. */
export function unreadItem(name: string, id: string, unread: readonly Unread[]): AttentionItem[] {
  const [first] = unread
  if (!first) return []
  return [
    {
      id: `database:${name}:${id}`,
      band: 'unclear',
      subject: name,
      text: `could not be checked for ${new Intl.ListFormat('en-GB').format(unread.map(({ words }) => words))}`,
      detail: [`${first.reason}.`, first.nextStep].filter(Boolean).join(' '),
      since: Math.min(...unread.map(({ since }) => since)),
      href: `database/${encodeURIComponent(name)}`,
      act: 'See the database',
    },
  ]
}
