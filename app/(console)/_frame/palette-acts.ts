import { wordsOf } from '@/lib/core/name-match'

interface Named {
  id: string
  title: string
  allowed: boolean
  targetKind: string
}

/** `replay receipts`: an operation by the beginnings of its words, then the name of what it is to act on. */
export function splitAct<O extends Named>(
  typed: string,
  operations: readonly O[],
): { operations: O[]; target: string } | undefined {
  const words = typed.trim().toLowerCase().split(/\s+/)
  // As much as possible is the operation: "force open pay" is no target named "open pay".
  for (let take = words.length - 1; take > 0; take--) {
    const verb = words.slice(0, take)
    const meant = operations.filter(operation => operation.allowed && isMeant(verb, operation))
    if (meant.length > 0) return { operations: meant, target: words.slice(take).join(' ') }
  }
  return undefined
}

/** The first word must begin the title or the verb of the id: "dead" alone is a name, not an act. */
function isMeant(verb: readonly string[], { id, title }: Named): boolean {
  const words = [...wordsOf(title), ...wordsOf(id)]
  const [first = '', ...rest] = verb
  const begins = title.toLowerCase().startsWith(first) || (id.split('.')[1] ?? '').startsWith(first)
  return begins && rest.every(part => words.some(word => word.startsWith(part)))
}
