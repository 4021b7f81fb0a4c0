import { cn } from '@/components/ui/cn'

const TOKEN =
  /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*')|\b(add|alter|and|as|begin|by|cascade|case|check|column|concurrently|constraint|create|declare|default|delete|do|drop|else|end|exists|for|foreign|from|function|group|if|in|index|insert|into|is|key|loop|not|null|on|or|order|primary|raise|references|replace|returns|schema|select|set|table|then|unique|update|using|values|when|where|with)\b/gi

interface Piece {
  text: string
  kind?: 'comment' | 'string' | 'keyword'
}

/** SQL with line numbers. Comments, strings and keywords are coloured; it helps the eye and is no parser. */
export function SqlText({ sql, label }: { sql: string; label: string }) {
  const lines = linesOf(piecesOf(sql.trimEnd()))
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className="max-h-96 overflow-auto overscroll-contain py-2 -outline-offset-2"
    >
      <pre className="w-max min-w-full text-sm leading-5">
        {lines.map(({ number, pieces }) => (
          <span key={number} className="grid grid-cols-[44px_1fr] pr-3">
            <span aria-hidden className="sticky left-0 bg-sunk pr-3 text-right text-faint tabular-nums select-none">
              {number}
            </span>
            <code>
              {pieces.map(({ text, kind, at }) => (
                <span
                  key={at}
                  className={cn(
                    kind === 'comment' && 'text-muted',
                    kind === 'string' && 'text-good',
                    kind === 'keyword' && 'text-accent',
                  )}
                >
                  {text}
                </span>
              ))}
              {'\n'}
            </code>
          </span>
        ))}
      </pre>
    </section>
  )
}

function piecesOf(sql: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of sql.matchAll(TOKEN)) {
    if (match.index > end) pieces.push({ text: sql.slice(end, match.index) })
    pieces.push({ text: match[0], kind: match[1] ? 'comment' : match[2] ? 'string' : 'keyword' })
    end = match.index + match[0].length
  }
  if (end < sql.length) pieces.push({ text: sql.slice(end) })
  return pieces
}

function linesOf(pieces: Piece[]) {
  const lines: { number: number; pieces: (Piece & { at: number })[] }[] = [{ number: 1, pieces: [] }]
  let at = 0
  for (const { text, kind } of pieces)
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push({ number: lines.length + 1, pieces: [] })
      if (part !== '') lines.at(-1)?.pieces.push({ text: part, kind, at: at++ })
    }
  return lines
}
