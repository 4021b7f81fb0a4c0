/** What is under way, drawn on the last line of a terminal. */
const running: string[] = []

/**
 * Shows each step with its time; of one that may take `long`, also that it began. `work` may change the words with what it
 * found out. Steps may go side by side.
 */
export async function step<T>(
  name: string,
  work: (say: (words: string) => void) => Promise<T>,
  long?: string,
): Promise<T> {
  const began = performance.now()
  let words = name
  const title = long ? `${name} (${long})` : name
  running.push(title)
  if (process.stdout.isTTY) draw()
  else if (long) process.stdout.write(`  ${title}\n`)
  const end = (line: string) => {
    running.splice(running.indexOf(title), 1)
    process.stdout.write(`${process.stdout.isTTY ? CLEAR : ''}${line}\n`)
    draw()
  }
  try {
    const result = await work(said => {
      words = said
    })
    end(`✓ ${words} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
    return result
  } catch (error) {
    end(`✗ ${words}`)
    throw error
  }
}

/** Resolves when all have. One that fails is reported once the others have ended, so that what they opened can be closed. */
export async function sideBySide<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

const CLEAR = '\r\u001b[2K'

function draw() {
  if (process.stdout.isTTY && running.length > 0) process.stdout.write(`${CLEAR}  ${running.join(', ')}…`)
}
