import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table'

interface ValueTableProps {
  label: string
  columns: readonly { name: string /** Below the name. */; kind: string; hint?: string }[]
  rows: readonly (readonly (string | null)[])[]
}

/** Rows as they are in a database. As wide as its columns: it scrolls sideways within its panel. */
export function ValueTable({ label, columns, rows }: ValueTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard.
    <section aria-label={label} tabIndex={0} className="max-h-[70vh] overflow-auto">
      <Table aria-label={label}>
        <thead className="sticky top-0 bg-panel">
          <tr>
            {columns.map(({ name, kind, hint = kind }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns of a query may have one name.
              <TableHead key={at} title={hint}>
                {name}
                <span className="block text-xs font-normal">{kind}</span>
              </TableHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a page is replaced as a whole, and its rows may have no key.
            <TableRow key={at}>
              {columns.map((_, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above.
                <Value key={column} value={row[column] ?? null} />
              ))}
            </TableRow>
          ))}
        </tbody>
      </Table>
    </section>
  )
}

function Value({ value }: { value: string | null }) {
  return (
    <TableCell className="max-w-80 truncate whitespace-nowrap tabular-nums" title={value ?? undefined}>
      {value === null ? (
        <span className="text-faint">null</span>
      ) : value === '' ? (
        <span className="text-faint">empty</span>
      ) : (
        value
      )}
    </TableCell>
  )
}
