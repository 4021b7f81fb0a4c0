/** Runs once when the server starts: connects, and sees to an orderly end. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { begin } = await import('./app/_server/begin')
  await begin()
}
