import { MiddleTruncate } from '@/components/status/middle-truncate'

/** A name within a sentence: on one line, however long it is. */
export function InlineName({ text }: { text: string }) {
  return (
    <span className="inline-flex max-w-full align-bottom">
      <MiddleTruncate text={text} />
    </span>
  )
}
