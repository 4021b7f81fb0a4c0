import type { Children, ChildSpec } from './children.ts'

/** Starts the built console and waits until it answers. Rejects when it dies or stays silent. */
export async function startConsole(
  children: Children,
  spec: ChildSpec,
  url: string,
  path = '/api/health/ready',
): Promise<void> {
  const child = children.start(spec)
  let died: string | undefined
  child.once('exit', (code, signal) => {
    died = signal ?? `exit ${code}`
  })
  const deadline = performance.now() + 60_000
  while (performance.now() < deadline) {
    if (died) throw new Error(`The console ended at once (${died})`)
    const answered = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(2_000) }).then(
      response => response.ok,
      () => false,
    )
    if (answered) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('The console did not become ready within a minute')
}
