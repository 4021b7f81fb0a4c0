import { originIn, withoutOrigin } from '../../../../infrastructure/database/index.ts'
import { maskLiterals, textsQuestion } from '../../../../infrastructure/insight/index.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
import { comparableText } from './comparable-text.ts'

const MOST_KEPT = 20_000
/** How soon a text that was hidden or gone is asked for again (ms). */
const ASK_AGAIN = 300_000

export interface StatementText {
  /** Literals masked: Postgres normalizes queries, but not utility statements. */
  text: string
  /** From its comment: who sent it first. Others that send the same are counted with it. */
  origin?: Readonly<Record<string, string>>
}

export interface KnownText {
  shown: StatementText
  /** By which it is compared with what services report. */
  comparable: string
}

export interface StatementTexts {
  /** Those that are known. Never rejects. */
  read(queries: readonly string[]): Promise<ReadonlyMap<string, KnownText>>
}

/** The texts of a server's statements. They never change, so each is asked for once. */
export function statementTexts(server: PostgresServer): StatementTexts {
  const known = new Map<string, KnownText>()
  const missing = new Map<string, number>()

  async function learn(queries: readonly string[]) {
    const found = await server.ask(textsQuestion(queries))
    if (known.size + found.size > MOST_KEPT) known.clear()
    if (missing.size + queries.length > MOST_KEPT) missing.clear()
    for (const query of queries) {
      const text = found.get(query)
      if (text === undefined) missing.set(query, performance.now())
      else known.set(query, textOf(text))
    }
  }

  return {
    async read(queries) {
      const now = performance.now()
      const wanted = queries.filter(
        query => !known.has(query) && now - (missing.get(query) ?? Number.NEGATIVE_INFINITY) > ASK_AGAIN,
      )
      if (wanted.length > 0) await learn(wanted).catch(() => {})
      return known
    },
  }
}

function textOf(raw: string): KnownText {
  const origin = originIn(raw)
  const comparable = comparableText(raw)
  const text = maskLiterals(withoutOrigin(raw))
  return {
    shown: { text, ...(origin ? { origin } : {}) },
    comparable,
  }
}
