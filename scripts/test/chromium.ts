import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A Chromium for the journeys: named, installed, playwright's own, or from Debian. Rejects with what to install. */
export async function findChromium(): Promise<string> {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM_PATH names ${named}, which is not there.`)
  }
  for (const path of ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'])
    if (existsSync(path)) return path
  const { chromium } = await import('@playwright/test')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  process.stdout.write('Looking for a Chromium…\n')
  try {
    await run(join('node_modules', '.bin', 'playwright'), ['install', 'chromium'], { timeout: 180_000 })
    if (existsSync(chromium.executablePath())) return chromium.executablePath()
  } catch {
    // No way to its download from here; Debian has one too.
  }
  try {
    const elevate = process.getuid?.() === 0 ? [] : ['sudo', '-n']
    const apt = async (...args: string[]) => {
      const [program = 'apt-get', ...rest] = [...elevate, 'apt-get', ...args]
      await run(program, rest, { timeout: 420_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    }
    await apt('update')
    await apt('install', '-y', '--no-install-recommends', 'chromium')
    if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium'
  } catch (cause) {
    throw new Error(
      'There is no Chromium here and none could be installed. Install one and name it in CHROMIUM_PATH.',
      { cause },
    )
  }
  throw new Error('There is no Chromium here. Install one and name it in CHROMIUM_PATH.')
}
