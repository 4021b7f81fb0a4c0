import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { formatBytes } from '@/lib/core/number-format'

interface ContentBoxProps {
  content: { bytes: number; text?: string; cut?: boolean; hex?: string; redacted?: boolean }
  label: string
  /** Asks for more of what is cut; left out where no more is to be had. */
  onWhole?: () => void
}

/** A text out of Redis as it is: JSON indented, anything else unchanged, what is no text as bytes; always with its whole size. */
export function ContentBox({ content, label, onWhole }: ContentBoxProps) {
  const { bytes, text, cut, hex, redacted } = content
  if (bytes === 0) return <p className="px-4 py-1 text-md text-muted">Empty.</p>
  const shown = text === undefined ? hex?.replace(/(..)/g, '$1 ').trim() : cut ? text : indented(text)
  return (
    <div className="px-4 py-1">
      {shown === undefined ? null : (
        <div className="relative">
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard has to be able to scroll it.
            tabIndex={0}
            className="max-h-96 overflow-auto rounded-md bg-sunk p-2.5 pr-10 font-mono text-sm whitespace-pre-wrap break-words"
          >
            {shown}
          </pre>
          {text === undefined ? null : (
            <CopyButton value={text} label={`Copy ${label.toLowerCase()}`} className="absolute top-1 right-1" />
          )}
        </div>
      )}
      <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        <span>
          {formatBytes(bytes)}
          {text === undefined ? (redacted ? ', not shown: it cannot be checked for secrets' : ', no text') : ''}
          {cut ? ', the beginning is shown' : ''}
          {redacted && text !== undefined ? ', with what sounds secret hidden' : ''}
        </span>
        {(cut || (text === undefined && !hex)) && !redacted && onWhole ? (
          <Button size="sm" onClick={onWhole}>
            Show up to 5 MiB
          </Button>
        ) : null}
      </p>
    </div>
  )
}

/** Deep nesting and huge numbers survive as they were written when they do not survive being parsed. */
function indented(text: string): string {
  if (text.length > 200_000 || /\d{16,}/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
