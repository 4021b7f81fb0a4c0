/**
 * Shows each step with its time; of one that may take `long`, also that it began. `work` may change the words with what it
 * found out.
 */
export async function step<T>(
  name: string,
  work: (say: (words: string) => void) => Promise<T>,
  long?: string,
): Promise<T> {
  const began = performance.now()
  let words = name
  const tty = process.stdout.isTTY
  if (tty) process.stdout.write(`  ${name}…${long ? ` (${long})` : ''}`)
  else if (long) process.stdout.write(`  ${name} (${long})\n`)
  const line = (mark: string, text: string) => process.stdout.write(`${tty ? '\r\u001b[2K' : ''}${mark} ${text}\n`)
  try {
    const result = await work(said => {
      words = said
    })
    line('✓', `${words} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
    return result
  } catch (error) {
    line('✗', words)
    throw error
  }
}
