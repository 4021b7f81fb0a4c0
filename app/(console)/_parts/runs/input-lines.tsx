import { CopyButton } from '@/components/ui/copy-button'

/** An act's input, one value a line under its path, as the operation received it. Sensitive values were replaced before it was kept. */
export function InputLines({ input }: { input: unknown }) {
  const lines = linesOf(input)
  if (lines.length === 0) return <p className="text-md text-muted">None was kept.</p>
  return (
    <div className="relative rounded-lg border border-line bg-sunk">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 p-3 pr-10 font-mono text-sm leading-5">
        {lines.map(({ path, value }) => (
          <div key={path} className="contents">
            <dt className="text-muted">{path}</dt>
            <dd className="min-w-0 break-words whitespace-pre-wrap">{value}</dd>
          </div>
        ))}
      </dl>
      <CopyButton
        value={JSON.stringify(input, null, 2)}
        label="Copy the input as JSON"
        className="absolute top-1.5 right-1.5"
      />
    </div>
  )
}

interface Line {
  path: string
  value: string
}

function linesOf(value: unknown, path = ''): Line[] {
  if (value === undefined || (path === '' && value === null)) return []
  if (typeof value !== 'object' || value === null) return [{ path, value: String(value) }]
  return Object.entries(value).flatMap(([name, inner]) => linesOf(inner, path === '' ? name : `${path}.${name}`))
}
