/** The row without the columns that are null. */
export function present<T extends object>(row: T): T {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T
}

/** The row of a statement that always returns one. */
export async function oneRow<T extends object>(rows: Promise<T[]>): Promise<T> {
  const [row] = await rows
  if (!row) throw new Error('Postgres returned nothing about itself')
  return present(row)
}
