import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const SDKS = ['twilio', 'web-push', 'expo-server-sdk', 'firebase-admin']
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** The SDKs that a process has loaded once it has made this channel. */
async function loadedBy(options: string): Promise<string[]> {
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = new Set()
    registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context) } })
    const { createChannel } = await import(${JSON.stringify(here('./index.ts'))})
    await createChannel(${options})
    const names = ${JSON.stringify(SDKS)}
    console.log(JSON.stringify(names.filter(name => [...loaded].some(url => url.includes('/node_modules/' + name + '/')))))`
  const { stdout } = await run(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    program,
  ])
  return JSON.parse(stdout)
}

test.each([
  [`{ via: 'slack' }`, []],
  [`{ via: 'twilio', accountSid: 'AC1', authToken: 'a', from: { number: '+1' } }`, ['twilio']],
  [`{ via: 'web-push', vapid: { subject: 'mailto:a@b.example', publicKey: '', privateKey: '' } }`, ['web-push']],
  [`{ via: 'expo' }`, ['expo-server-sdk']],
])('%s loads %j', async (options, expected) => expect(await loadedBy(options)).toEqual(expected))
