import { type Activity, blockTree, maskLiterals, type Session } from '../../../infrastructure/insight/index.ts'
import type { FleetProcess } from '../../fleet/port.ts'
import { redactedText } from '../../platform/redact.ts'
import { type Owner, ownerOf } from './owner.ts'

/** A session as a page shows it. */
export interface SessionRow extends Omit<Session, 'blockedBy'>, Owner {
  blockedBy: number[]
  /** All who wait for it, directly or through others. */
  waiting: number[]
  /** In the tree of those who wait; absent: it has no part in it. */
  depth?: number
}

/** `whole`: the asker may see the values in statements; secrets among them are hidden all the same. */
export function sessionRows(
  { sessions }: Activity,
  processes: readonly FleetProcess[],
  whole: boolean,
): { rows: SessionRow[]; tree: SessionRow[] } {
  const nodes = new Map(blockTree(sessions).map(node => [node.pid, node]))
  const rows = sessions.map((session): SessionRow => {
    const node = nodes.get(session.pid)
    const query =
      session.query === undefined ? undefined : whole ? redactedText(session.query) : maskLiterals(session.query)
    return {
      ...session,
      ...(query === undefined ? {} : { query }),
      ...ownerOf(session.application, processes),
      waiting: node?.waiting ?? [],
      ...(node ? { depth: node.depth } : {}),
    }
  })
  const byPid = new Map(rows.map(row => [row.pid, row]))
  return {
    rows: rows.sort((a, b) => order(a) - order(b) || (b.transactionMs ?? 0) - (a.transactionMs ?? 0) || a.pid - b.pid),
    tree: [...nodes.keys()].flatMap(pid => byPid.get(pid) ?? []),
  }
}

/** Who holds up others, who waits, who works, who forgot, and last those who do nothing. */
function order({ waiting, awaits, state = '' }: SessionRow): number {
  if (waiting.length > 0) return 0
  if (awaits) return 1
  if (state === 'active') return 2
  if (state.startsWith('idle in transaction')) return 3
  return state === 'idle' ? 5 : 4
}
