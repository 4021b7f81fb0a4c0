import { MiddleTruncate } from '@/components/status/middle-truncate'

/** A key, as a button that opens it where it can be read. */
export function OpeningKey({ name, onOpen }: { name: string; onOpen?: (key: string) => void }) {
  if (!onOpen) return <MiddleTruncate text={name} mono />
  return (
    <button
      type="button"
      className="flex w-full min-w-0 cursor-pointer text-left text-accent hover:underline touch:min-h-(--control) touch:items-center"
      onClick={() => onOpen(name)}
    >
      <MiddleTruncate text={name} mono />
    </button>
  )
}
