import { statementFingerprint } from '../../../../infrastructure/insight/index.ts'
import { comparableText } from './comparable-text.ts'
import { mergeReported, type ReportedStatement } from './reported.ts'
import type { KnownText } from './texts.ts'
import type { StatementTotals } from './totals.ts'

/** At this length the library cuts a text. */
const CUT_AT = 1_000
/** Of how many statements a fingerprint is made, those with the most time; each takes up to a tenth of a millisecond. */
const MOST_PARSED = 500
const MOST_KEPT = 20_000

/** Texts, by pg_stat_statements' queryid. */
export type ComparableTexts = ReadonlyMap<string, string>

/** Of these statements, in their order; those of which no text is known are left out. */
export function comparableTexts(
  totals: readonly Pick<StatementTotals, 'query'>[],
  texts: ReadonlyMap<string, KnownText>,
): ComparableTexts {
  return new Map(
    totals.flatMap(({ query }): [string, string][] => {
      const text = texts.get(query)
      return text ? [[query, text.comparable]] : []
    }),
  )
}

export interface StatementMatcher {
  /** What was reported of each of these, those with the most time first. One that matches several is of them together. */
  match(reported: readonly ReportedStatement[], texts: ComparableTexts): Promise<Map<string, ReportedStatement>>
}

/** Finds the statements of Postgres that services report: those of the same text, else those that Postgres' parser finds the same. */
export function statementMatcher(): StatementMatcher {
  const fingerprints = new Map<string, string | undefined>()
  let opened: ReturnType<typeof statementFingerprint> | undefined

  async function fingerprintOf() {
    opened ??= statementFingerprint()
    // Without the parser texts are compared.
    const make = await opened.catch(() => () => undefined)
    return (text: string) => {
      if (fingerprints.size >= MOST_KEPT) fingerprints.clear()
      if (!fingerprints.has(text)) fingerprints.set(text, make(text))
      return fingerprints.get(text)
    }
  }

  return {
    async match(reported, texts) {
      const byText = Map.groupBy(texts, ([, text]) => text)
      const found: { queries: readonly string[]; report: ReportedStatement }[] = []
      const others: { text: string; report: ReportedStatement }[] = []
      for (const report of reported) {
        const text = comparableText(report.text)
        const same = report.text.length < CUT_AT ? byText.get(text) : onlyOneThatBegins(texts, text)
        if (same) found.push({ queries: same.map(([query]) => query), report })
        else if (report.text.length < CUT_AT) others.push({ text, report })
      }
      if (others.length > 0) {
        const fingerprint = await fingerprintOf()
        const byPrint = Map.groupBy([...texts].slice(0, MOST_PARSED), ([, text]) => fingerprint(text))
        for (const { text, report } of others) {
          const print = fingerprint(text)
          const same = print === undefined ? [] : (byPrint.get(print) ?? [])
          found.push({ queries: same.map(([query]) => query), report })
        }
      }
      const pairs = found.flatMap(({ queries, report }) => queries.map(query => ({ query, report })))
      return new Map(
        [...Map.groupBy(pairs, ({ query }) => query)].map(([query, all]) => [
          query,
          mergeReported(all.map(({ report }) => report)),
        ]),
      )
    },
  }
}

/** A cut text may be the beginning of several statements; then it is not known which was measured. */
function onlyOneThatBegins(texts: ComparableTexts, cut: string): [string, string][] | undefined {
  // The last word may be cut, too.
  const beginning = cut.replace(/\S*$/, '')
  const found = [...texts].filter(([, text]) => text.startsWith(beginning))
  return found.length === 1 ? found : undefined
}
