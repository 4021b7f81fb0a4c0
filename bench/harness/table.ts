/** Aligned columns: words to the left, figures to the right. The first row is the heading. */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  const [heading = [], ...body] = rows
  return [line(heading), widths.map(width => '─'.repeat(width)).join('  '), ...body.map(line)].join('\n')
}
