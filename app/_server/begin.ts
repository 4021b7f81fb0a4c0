import { running } from './boot'

/** Opens the console and ties its end to the process' own: signals, and the end of the process that started it. */
export async function begin(): Promise<void> {
  let ending = false
  const end = async (cause: string) => {
    if (ending) return
    ending = true
    const overdue = setTimeout(() => process.exit(1), 8_000)
    const state = await running().catch(() => undefined)
    state?.logger.info('the console stops', { cause })
    await state?.close()
    clearTimeout(overdue)
    process.exit(0)
  }
  process.once('SIGTERM', () => end('SIGTERM'))
  process.once('SIGINT', () => end('SIGINT'))
  // Started by npm start: when that was killed no one is left to send a signal.
  if (process.connected) process.once('disconnect', () => end('its parent is gone'))
  const { logger, console } = await running()
  logger.info('the console is up', {
    url: console.settings.url,
    environments: console.settings.environments.map(environment => environment.name),
  })
}
